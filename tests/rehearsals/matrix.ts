// Every way to go wrong for good, for the solo and the crew script: `npm run test:rehearsals -- spoiled`, narrowed by
// `ONLY="solo wrong-code"`.
import { complaintsOn, playSpoiled, SPOILAGES, type Spoiled, WORKERS } from './spoiled.ts';

const ONLY = process.env['ONLY'] ?? '';
const PARTS: ReadonlyArray<readonly [string, readonly string[]]> = [
  ['solo', ['backend']],
  ['crew', ['backend']],
  ['crew', ['frontend']],
  ['crew', ['qa']],
  ['crew', ['lead']],
  ['crew', WORKERS],
];

const label = ({ script, kind, roles }: Spoiled) =>
  `${script} ${kind} ${roles.length === WORKERS.length ? 'everybody' : roles.join()}`;
// The Lead does no work: it has nothing to spoil or to sham.
const plan = SPOILAGES.flatMap((kind) => PARTS.map(([script, roles]) => ({ script, kind, roles })))
  .filter(({ kind, roles }) => !(roles.includes('lead') && (kind === 'wrong-code' || kind === 'sham-work')))
  .filter((each) => label(each).includes(ONLY));

let bad = 0;
for (const spoiled of plan) {
  const played = await playSpoiled(spoiled);
  const complaints = complaintsOn(played);
  if (complaints.length > 0) bad += 1;
  const { ending, seconds } = played;
  const told = complaints.length > 0 ? `${complaints.join('; ')} | ${played.sketch}` : ending.causes.join(', ');
  console.log(
    `${complaints.length === 0 ? '  ok ' : ' BAD '} ${label(spoiled).padEnd(29)} ${played.status.padEnd(9)} ${`${seconds.toFixed(1)} s`.padStart(8)}  ${ending.state} (${ending.owner}): ${told.slice(0, 400)}`,
  );
}
console.log(`${plan.length} spoiled rehearsals, ${plan.length - bad} as promised, ${bad} not.`);
process.exitCode = bad === 0 ? 0 : 1;
