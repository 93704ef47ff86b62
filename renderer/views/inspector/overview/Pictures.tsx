import { t } from '../../../i18n/index.ts';
import { useQuery } from '../../../store/use-query.ts';
import { plainLine } from '../../../text/plain.ts';
import { Section } from './Parts.tsx';

/** The pictures that came with a goal. */
export function Pictures({ goal }: { readonly goal: string }) {
  const images = useQuery((client) => client.goals.images({ goal }), `images:${goal}`).answer;
  if (!images?.ok || images.value.length === 0) return null;
  return (
    <Section title={t('inspector:pictures')}>
      <div className="inspect-pictures">
        {images.value.map(({ name, type, content }) => (
          <img key={name} src={`data:${type};base64,${content}`} alt={plainLine(name.replace(/^image\//, ''), 120)} />
        ))}
      </div>
    </Section>
  );
}
