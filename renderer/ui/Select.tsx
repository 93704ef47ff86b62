/** One of a few, by name. The platform's own list: it works everywhere and by keyboard. */
export function Select<K extends string>({
  label,
  value,
  options,
  onChoose,
}: {
  readonly label: string;
  readonly value: K;
  readonly options: readonly { readonly key: K; readonly name: string }[];
  readonly onChoose: (key: K) => void;
}) {
  return (
    <select
      className="input select"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = options.find(({ key }) => key === event.target.value);
        if (chosen) onChoose(chosen.key);
      }}
    >
      {options.map(({ key, name }) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}
