import type { Step } from '../../agent-host/drivers/scripted/steps.ts';
import { readLedger } from './judge.ts';
import { dataOf, type Evidence, exactly, type Kept, once, type Scenario, text } from './scenario.ts';
import { newWords, note, type PlannedTask, type World, workTask } from './world.ts';

const NEWS = 5;
const QUESTIONS = 2;
const counted = (most: number) => Array.from({ length: most }, (_, index) => index + 1);
const groupsOf = (count: number) => Array.from({ length: count }, (_, index) => index);

/** One sends a row of news and tells everyone, one asks twice, one agrees with a partner who wants it otherwise. */
function group(world: World, index: number): PlannedTask[] {
  const says = `says${index}`;
  const news = counted(NEWS).flatMap((each): Step[] => [
    {
      mcp: {
        tool: 'send_message',
        input: { to: 'partner', subject: `${says}/${each}`, body: newWords(`${says}/${each}`) },
      },
    },
    note(world, says, `sent${each}`),
  ]);
  const all = { to: 'everyone', subject: `everyone${index}`, body: 'Hear, hear.' };
  const asks = counted(QUESTIONS).map(
    (each): Step => ({
      mcp: {
        tool: 'ask',
        input: { to: 'partner', subject: `asks${index}/${each}`, body: newWords(`${index}/${each}`) },
      },
    }),
  );
  const proposal = `It is ${index}.\nSay instead: It is ${index} and a half.`;
  const input = { to: 'partner', subject: `agrees${index}`, proposal };
  return [
    workTask(world, says, [...news, { mcp: { tool: 'send_message', input: all } }, { model: 'Said.' }]),
    workTask(world, `asks${index}`, [...asks, { model: 'Asked.' }]),
    workTask(world, `agrees${index}`, [{ mcp: { tool: 'propose', input } }, { answer: true }, { model: 'Agreed.' }]),
  ];
}

/** Last of all the partner reads what nobody woke it for. */
function plan(world: World, count: number): PlannedTask[] {
  const groups = groupsOf(count).flatMap((index) => group(world, index));
  const dependsOn = groups.map(({ key }) => key);
  const read: Step[] = [{ mcp: { tool: 'read_messages', input: {} } }, { model: HEARD }];
  return [...groups, workTask(world, 'hears', read, { role: 'partner', dependsOn })];
}

/** What the partner says to the model when it has read its messages. */
const HEARD = 'The partner has heard.';
const PARTNER_SAYS = [HEARD, 'Answered.'];

/** Ids of messages in the order in which the partner's model first saw them, and how often it did. */
function shownToPartner(calls: readonly string[]): Map<string, number> {
  const shown = new Map<string, number>();
  const mine = calls.filter((call) => PARTNER_SAYS.some((words) => call.includes(words)));
  for (const call of mine)
    for (const [, id = ''] of call.matchAll(/\[aios-message:([^\]]+)\]/g)) shown.set(id, (shown.get(id) ?? 0) + 1);
  return shown;
}

/** Rows of news of which a later one came before an earlier one. */
function outOfOrder(subjects: readonly string[], count: number): string[] {
  return groupsOf(count).flatMap((index) => {
    const row = subjects.filter((each) => each.startsWith(`says${index}/`));
    return row.every((each, at) => at === 0 || each > (row[at - 1] ?? '')) ? [] : [row.join(' ')];
  });
}

function judge(evidence: Evidence): Kept[] {
  const { goal, stored, count, kills, calls, world } = evidence;
  const of = (type: string) => dataOf(evidence, type);
  const groups = groupsOf(count);
  const partner = Object.values(goal.agents).find(({ role }) => role === 'partner')?.id ?? '';
  const subjectOf = (id: string) => stored.subjects.get(id) ?? '';
  const sent = of('message.sent');
  const subjects = (kinds: readonly string[]) =>
    sent.flatMap((each) => (kinds.includes(text(each, 'kind')) ? [subjectOf(text(each, 'message'))] : []));
  const news = groups.flatMap((index) => [...counted(NEWS).map((each) => `says${index}/${each}`), `everyone${index}`]);
  const questions = groups.flatMap((index) => counted(QUESTIONS).map((each) => `asks${index}/${each}`));
  const told = readLedger(world).flatMap(({ key, point }) =>
    point.startsWith('sent') ? [`${key}/${point.slice(4)}`] : [],
  );
  const stays = new Set(subjects(['inform']));
  const isPartners = (each: Readonly<Record<string, unknown>>) => (each['to'] as string[]).includes(partner);
  const toPartner = sent.filter(isPartners).map((each) => text(each, 'message'));
  const byPartner = (type: string) =>
    of(type).flatMap((each) => (each['by'] === partner ? [text(each, 'message')] : []));
  const shown = shownToPartner(calls);
  const everyone = sent.filter((each) => each['address'] === 'everyone');
  const replies = Object.values(goal.tasks).flatMap((task) => (task.kind === 'reply' ? [task.about ?? ''] : []));
  const versions = of('negotiation.proposed').map((each) => `${text(each, 'negotiation')} ${String(each['version'])}`);
  return [
    exactly('news, each stored once', subjects(['inform']), news),
    {
      name: 'news a sender was told is sent, and is',
      tried: told.length,
      broken: told.filter((each) => !stays.has(each)),
    },
    {
      name: 'rows of news out of order as stored',
      tried: count,
      broken: outOfOrder(subjects(['inform']), count),
    },
    {
      name: 'rows of news out of order as read',
      tried: count,
      broken: outOfOrder([...shown.keys()].map(subjectOf), count),
    },
    {
      name: 'messages to everyone that miss or repeat somebody',
      tried: everyone.length,
      broken: everyone.flatMap((each) => {
        const others = Object.keys(goal.agents).filter((id) => id !== each['from']);
        return exactly('', each['to'] as string[], others).broken;
      }),
    },
    exactly("messages, each seen by the partner's model", [...shown.keys()], toPartner),
    {
      name: 'messages seen more often than once and once a kill',
      tried: shown.size,
      broken: [...shown].flatMap(([id, times]) =>
        times > 1 + kills && stays.has(subjectOf(id)) ? [`${id} ${times}x`] : [],
      ),
    },
    exactly('messages, each read once by the partner', byPartner('message.read'), toPartner),
    exactly('messages, each acknowledged once by the partner', byPartner('message.acknowledged'), toPartner),
    exactly(
      'messages, each rung for once',
      of('message.rung').map((each) => text(each, 'message')),
      [...stored.subjects.keys()],
    ),
    once('messages somebody was woken for, once each', replies, new Set(replies).size),
    exactly('questions, each asked once', subjects(['request']), questions),
    once(
      'questions, each answered once',
      sent.flatMap((each) => (each['kind'] === 'result' && each['replyTo'] !== null ? [text(each, 'replyTo')] : [])),
      questions.length,
    ),
    once(
      'negotiations, each opened once',
      of('negotiation.opened').map((each) => text(each, 'negotiation')),
      count,
    ),
    once('proposals and what counters them, each once', versions, 2 * count),
    once(
      'agreements, each once',
      of('negotiation.accepted').map((each) => text(each, 'negotiation')),
      count,
    ),
    once(
      'negotiations that ended once, with what countered',
      of('negotiation.ended').flatMap((each) =>
        each['outcome'] === 'agreed' && each['version'] === 2 ? [text(each, 'negotiation')] : [],
      ),
      count,
    ),
    once(
      'decisions, each recorded once',
      of('decision.recorded').map((each) => text(each, 'decision')),
      count,
    ),
  ];
}

/** Agents send, tell everyone, ask, answer, propose, counter and accept. */
export const messages: Scenario = {
  title: 'agents send, ask, answer and negotiate',
  world: { workers: 4, recoveries: 50 },
  plan,
  messages: () => null,
  judge,
  failpoints: ['message-stored', 'message-rung'],
};
