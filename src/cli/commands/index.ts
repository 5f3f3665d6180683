/** Every command of the CLI. The module behind a command is loaded only when that command runs. */
import type { CommandEntry } from '../told-commands.ts'

export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    description: 'write the fleet file of this repository, asking what it does not tell',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'check',
    description: 'prove that every role may make every call its pipeline makes, without touching any account',
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'doctor',
    description: 'read a live pipeline, also one that Crossdock did not make, and say what it lacks',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'explain',
    description: 'tell why a role may or may not do something, policy by policy',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'graph',
    description: 'draw who acts as whom, and who reads and writes which bucket with which key',
    load: async () => (await import('./graph.ts')).graph,
  },
  {
    name: 'synth',
    description: 'write the CloudFormation templates of every account and region',
    load: async () => (await import('./synth.ts')).synth,
  },
  {
    name: 'sync',
    description:
      'look up the accounts and branches that the patterns of the fleet file stand for, into its lock',
    load: async () => (await import('./sync.ts')).sync,
  },
  {
    name: 'schema',
    description: 'print the JSON Schema of fleet files, for editors',
    load: async () => (await import('./schema.ts')).schema,
  },
  {
    name: 'policy',
    description: 'print what CloudFormation may do for each stack, from the templates or from a run',
    load: async () => (await import('./policy.ts')).policy,
  },
  {
    name: 'plan',
    description: 'tell what deploy would do: resources, permissions, cost, and what left the fleet file',
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    name: 'deploy',
    description: 'deploy the fleet: keys, buckets and roles everywhere, then the pipelines',
    load: async () => (await import('./deploy.ts')).deploy,
  },
  {
    name: 'destroy',
    description: 'take the fleet, or one pipeline, out of its accounts; applications stay',
    load: async () => (await import('./destroy.ts')).destroy,
  },
  {
    name: 'drift',
    description:
      'tell what was changed in the accounts past CloudFormation, and what is there and in no file',
    load: async () => (await import('./drift.ts')).drift,
  },
  {
    name: 'developer',
    description: 'deploy or remove a developer’s own copy of a pipeline',
    load: async () => (await import('./developer.ts')).developer,
  },
  {
    name: 'status',
    description: 'show where the pipelines stand: what is where, what waits and what failed',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'history',
    description: 'list the executions of a pipeline',
    load: async () => (await import('./history.ts')).history,
  },
  {
    name: 'show',
    description: 'show one execution in full',
    load: async () => (await import('./show.ts')).show,
  },
  {
    name: 'watch',
    description: 'show an execution live, until it has ended',
    load: async () => (await import('./watch.ts')).watch,
  },
  {
    name: 'releases',
    description: 'list what was shipped through a stage, and what came with it',
    load: async () => (await import('./releases.ts')).releases,
  },
  {
    name: 'start',
    description: 'start a pipeline, with the newest commit of its branch or another one',
    load: async () => (await import('./start.ts')).start,
  },
  {
    name: 'stop',
    description: 'end an execution before it has',
    load: async () => (await import('./stop.ts')).stop,
  },
  {
    name: 'retry',
    description: 'run the stage again that an execution failed in',
    load: async () => (await import('./retry.ts')).retry,
  },
  {
    name: 'rollback',
    description: 'ship through a stage again what was shipped there before',
    load: async () => (await import('./rollback.ts')).rollback,
  },
  {
    name: 'pause',
    description: 'let nothing enter a stage',
    load: async () => (await import('./pause.ts')).pause,
  },
  {
    name: 'resume',
    description: 'let into a stage again what waits before it',
    load: async () => (await import('./pause.ts')).resume,
  },
  {
    name: 'approve',
    description: 'approve what waits in a pipeline',
    load: async () => (await import('./answer.ts')).approve,
  },
  {
    name: 'reject',
    description: 'reject what waits in a pipeline',
    load: async () => (await import('./answer.ts')).reject,
  },
  {
    name: 'logs',
    description: 'print the logs of the newest execution',
    load: async () => (await import('./logs.ts')).logs,
  },
  {
    name: 'cloud',
    description: 'run the embedded AWS as a server on this machine',
    load: async () => (await import('./cloud.ts')).cloud,
  },
  {
    name: 'pr',
    description: 'open, list, merge and close pull requests of the embedded cloud’s repositories',
    load: async () => (await import('./pr.ts')).pr,
  },
  {
    name: 'token',
    description:
      'make a token as a CI job is given by its provider, for roles of the embedded cloud that trust it',
    load: async () => (await import('./token.ts')).token,
  },
  {
    name: 'demo',
    description: 'ship a commit through four accounts on the embedded AWS',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'completion',
    description: 'print a script that has bash, zsh or fish complete commands and options',
    load: async () => (await import('./completion.ts')).completionOf(commands),
  },
]
