/** Shown to a browser that has no session. A code is never typed: links carry it. */
export function Login({ refused }: { readonly refused: boolean }) {
  return (
    <main className="login">
      <h1>AIOS</h1>
      <p role={refused ? 'alert' : undefined}>
        {refused ? 'This link was used already or is older than five minutes.' : 'This browser is not logged in.'}
      </p>
      <p>
        Run <code>aios open</code> in a terminal and open the link it prints. A link works once.
      </p>
    </main>
  );
}
