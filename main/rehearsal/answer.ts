import type { Conversation } from './conversation.ts';
import type { Play, ToolCall } from './match.ts';
import type { Misbehaviour } from './script.ts';

/** An answer as it will be sent, in any of the APIs. */
export interface Answer {
  readonly text: string;
  readonly tools: readonly ToolCall[];
  readonly stop: 'end_turn' | 'tool_use' | 'max_tokens';
  readonly outputTokens: number;
  /** Input of tools is sent as text that is no JSON. */
  readonly garbage: boolean;
}

const CHARS_PER_TOKEN = 4;

function wordsOf(play: Play, wrong: Misbehaviour | null, limit: number): string {
  if (wrong?.kind === 'loop') return wrong.text.repeat(Math.ceil(limit / wrong.text.length));
  return wrong?.kind === 'leak' ? `${play.text}\n${wrong.text}` : play.text;
}

/** Cuts what a rule plays to the tokens asked for, as a model would be cut. */
export function answerOf(play: Play, said: Conversation, wrong: Misbehaviour | null): Answer {
  const limit = said.maxTokens * CHARS_PER_TOKEN;
  const words = wordsOf(play, wrong, limit);
  const text = words.slice(0, limit);
  const callChars = JSON.stringify(play.tools).length;
  const fits = play.tools.length === 0 || text.length + callChars <= limit;
  const tools = fits && wrong?.kind !== 'loop' ? play.tools : [];
  const cut = words.length > limit || wrong?.kind === 'loop' || !fits;
  const chars = text.length + (tools.length > 0 ? callChars : 0);
  const counted = Math.max(1, Math.ceil(chars / CHARS_PER_TOKEN));
  return {
    text,
    tools,
    stop: cut ? 'max_tokens' : tools.length > 0 ? 'tool_use' : 'end_turn',
    outputTokens: wrong?.kind === 'overspend' ? wrong.outputTokens : counted,
    garbage: wrong?.kind === 'garbage-tool-input',
  };
}

/** Splits a text into pieces of that many characters, never inside a character; an empty text is one empty piece. */
export function piecesOf(text: string, size: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    piece += character;
    if (piece.length >= size) {
      pieces.push(piece);
      piece = '';
    }
  }
  if (piece !== '' || pieces.length === 0) pieces.push(piece);
  return pieces;
}
