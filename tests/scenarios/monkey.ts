import type { ModelBlock, ModelReply, ModelRequest } from '../doubles/model-server.ts';
import { call, roleOf, saidIn, say, workspaceOf } from './model.ts';

/** A JSON schema, as far as tools use it. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Offered {
  readonly name: string;
  readonly input_schema?: Schema;
}

/** Calls a monkey makes more often than others, so that it gets anywhere at all. */
const LIKED = /propose_plan|complete_task|Write|review$|respond|send_message/;
const WORDS = [
  'backend',
  'frontend',
  'qa',
  'devops',
  'anyone',
  'everyone',
  'ceo',
  'npm test',
  'done',
  'yes',
  '',
  '../..',
  '🌹',
  'tasks',
];
const FILES = [
  'README.md',
  'src/store.js',
  'test/x.test.js',
  'public/index.html',
  'package.json',
  '.git/config',
  'docs/a.md',
];
const CONTENTS = ['x\n', '', 'export const a = 1;\n', '{', 'throw new Error("no");\n', '# Links\n'];

type Draw = () => number;

const pick = <T>(draw: Draw, from: readonly T[]): T => from[Math.floor(draw() * from.length)] as T;

/** A text for a field of this name: often something that fits, sometimes anything, sometimes a word that was said before. */
function textFor(draw: Draw, name: string, request: ModelRequest): string {
  if (draw() < 0.1) return pick(draw, saidIn(request).split(/[^\w-]+/));
  if (/path|file/.test(name)) return `${workspaceOf(request)}/${pick(draw, FILES)}`;
  if (/content|string/.test(name)) return pick(draw, CONTENTS);
  if (/command/.test(name))
    return pick(draw, ['npm test', 'ls', 'cat README.md', 'rm -rf .', 'true', 'curl http://example.org']);
  return pick(draw, WORDS);
}

function valueFor(draw: Draw, schema: Schema, name: string, request: ModelRequest): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return pick(draw, schema.enum);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return valueFor(draw, pick(draw, either), name, request);
  switch (schema.type) {
    case 'object': {
      const given = Object.entries(schema.properties ?? {}).filter(
        ([key]) => schema.required?.includes(key) || draw() < 0.2,
      );
      return Object.fromEntries(given.map(([key, each]) => [key, valueFor(draw, each, key, request)]));
    }
    case 'array':
      return Array.from({ length: Math.floor(draw() * 4) }, () => valueFor(draw, schema.items ?? {}, name, request));
    case 'integer':
    case 'number':
      return Math.min(schema.maximum ?? 10, Math.max(schema.minimum ?? 0, Math.floor(draw() * 10)));
    case 'boolean':
      return draw() < 0.5;
    default:
      return textFor(draw, name, request);
  }
}

/**
 * A model nobody trained: it knows nothing of AIOS but the schemas of the tools it is offered, and calls them with what fits
 * these, more or less. What it does follows from the draw alone.
 */
export function monkey(draw: Draw): (request: ModelRequest) => ModelReply {
  return (request) => {
    const offered = (request.tools ?? []) as readonly Offered[];
    if (offered.length === 0) return { blocks: [say('A title')] };
    const trouble = draw();
    if (trouble < 0.02) return { status: 529, message: 'overloaded' };
    if (trouble < 0.04) return { cut: true };
    if (trouble < 0.15) return { blocks: [say(pick(draw, ['Done.', 'I am thinking.', 'All of it is verified.']))] };
    const liked = offered.filter((tool) => LIKED.test(tool.name));
    const acts = Array.from({ length: 1 + Math.floor(draw() * 2) }, (): ModelBlock => {
      const tool = pick(draw, liked.length > 0 && draw() < 0.6 ? liked : offered);
      return call(tool.name, valueFor(draw, tool.input_schema ?? {}, '', request));
    });
    return { blocks: [say(`As ${roleOf(request)} I try something.`), ...acts] };
  };
}
