/** First run. */
export const start = {
  title: 'Start here',
  lead: 'AIOS runs a crew of coding agents on your repository. They work in copies of their own; your checkout changes only when you accept.',
  work: 'Work on a repository',
  workWhy: 'A small goal, one agent, at most $1. You see the diff before anything reaches your branch.',
  choose: 'Choose a repository…',
  noModel:
    'There is neither a key nor a login for a model yet. Set a key in Settings, or log in with your agent’s own program.',
  toSettings: 'Set a key…',
  demo: 'Demo crew',
  demoWhy:
    'Five agents add a feature to a small app. Scripted model, no key, no cost: the words of the model are scripted; agents, git, tests, messages and merges are real.',
  demoStart: 'Start the demo crew',
  demoStarting: 'Making the app…',
  sabotage: 'While it runs, try to break it: interrupt an agent, or edit a file in its workspace. It has to end right.',
  demoDone: 'The demo crew is done. Run it for real?',
  demoReal: 'With a real model the same goal costs about {{usd}} and is capped.',
  forReal: 'Run it for real…',
  projects: 'Projects',
  goals_one: '{{count}} goal',
  goals_other: '{{count}} goals',
  noGoals: 'no goal yet',
  open: 'Open',
  machine: 'This machine',
  again: 'Look again',
  state: { ok: 'found', warning: 'look at this', missing: 'not there', broken: 'broken' },
} as const;
