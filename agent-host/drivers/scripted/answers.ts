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

/** The calls that answer what a text of messages asks for, each with the id of its message. */
export function answersTo(messages: string): Answering[] {
  return messages.split('[aios-message:').flatMap((message): Answering[] => {
    const id = /^([^\]]+)\]/.exec(message)?.[1] ?? '';
    const [, negotiation, version] = /call respond with negotiation "([^"]+)", version (\d+)/.exec(message) ?? [];
    const [, asked] = /reply with send_message and reply_to "([^"]+)"/.exec(message) ?? [];
    const from = /^from: (.+)$/m.exec(message)?.[1] ?? '';
    if (negotiation !== undefined) {
      const input = { negotiation, version: Number(version), verdict: 'accept' };
      return [{ id, call: { tool: 'respond', input } }];
    }
    if (asked === undefined) return [];
    const input = { to: from, kind: 'result', subject: 'Answer', body: 'Yes.', reply_to: asked };
    return [{ id, call: { tool: 'send_message', input } }];
  });
}
