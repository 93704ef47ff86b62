/** A call of one of AIOS's tools. */
export interface AiosCall {
  readonly tool: string;
  readonly input: Record<string, unknown>;
}

/** The answer to one message. */
export interface Answering {
  readonly id: string;
  readonly call: AiosCall;
}

/** The calls that answer what a text of messages asks for, each with the id of its message. A proposal may say what to counter it with. */
export function answersTo(messages: string): Answering[] {
  return messages.split('[aios-message:').flatMap((message): Answering[] => {
    const id = /^([^\]]+)\]/.exec(message)?.[1] ?? '';
    const [, negotiation, version] = /call respond with negotiation "([^"]+)", version (\d+)/.exec(message) ?? [];
    const [, asked] = /reply with send_message and reply_to "([^"]+)"/.exec(message) ?? [];
    const from = /^from: (.+)$/m.exec(message)?.[1] ?? '';
    if (negotiation !== undefined) {
      const [, instead] = /^Say instead: (.+)$/m.exec(message) ?? [];
      const said = instead === undefined ? { verdict: 'accept' } : { verdict: 'counter', text: instead };
      const input = { negotiation, version: Number(version), ...said };
      return [{ id, call: { tool: 'respond', input } }];
    }
    if (asked === undefined) return [];
    const [, body = ''] = /\n---\n([\s\S]*?)\n---/.exec(message) ?? [];
    const input = { to: from, kind: 'result', subject: 'Answer', body: `Yes. ${body}`, reply_to: asked };
    return [{ id, call: { tool: 'send_message', input } }];
  });
}
