/** `crossdock demo`: everything at once on an embedded cloud, with an example application. */

import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cloud, startCloud } from '../../cloud/index.ts'
import { accountsOfFleet } from '../../fleet/index.ts'
import type { AssemblyPipeline } from '../../model/index.ts'
import { buildCommandTime, type ExecutionState, history } from '../../operate/index.ts'
import { accountsForProfiles, writeProfiles } from '../cloud-profiles.ts'
import { type Command, type Invocation, UsageError } from '../command.ts'
import { makeBeside } from '../demo/beside.ts'
import { exampleFolder } from '../demo/examples.ts'
import { type Feed, type FeedAround, feedsOf } from '../demo/feeds.ts'
import { type Shipped, shippedBy } from '../demo/shipped.ts'
import { followAndShow } from '../follow-and-show.ts'
import { interrupted } from '../interrupted.ts'
import { quiet, type Terminal } from '../terminal.ts'
import { duration } from '../view/text.ts'
import { watchDenials } from '../view/watch-denials.ts'
import { watchFailures } from '../view/watch-failures.ts'
import { watchRefusals } from '../view/watch-refusals.ts'
import { openWorkspace, patienceOf, type Workspace } from '../workspace.ts'
import { deployAndShow } from './deploy.ts'

const HELLO = 'hello'
const LOOK = 60

export const demo: Command = {
  arguments: [{ flags: '[example]', description: 'an example of the package (default: hello)' }],
  options: [
    { flags: '-y, --yes', description: 'approve without asking' },
    { flags: '--again', description: 'ship a second commit of hello, which changes its function' },
    { flags: '--keep', description: 'leave the cloud running at the end' },
  ],
  examples: ['demo', 'demo web --yes'],
  run: async (invocation) => {
    const {
      arguments: [name = HELLO],
      options,
    } = invocation
    exampleFolder(name)
    if (options.again && name !== HELLO) throw new UsageError(`--again changes ${HELLO} only`)
    // From here on, so that an interruption at any time leaves nothing behind.
    const over = interrupted().then(() => 'interrupted' as const)
    const folder = await mkdtemp(join(tmpdir(), 'crossdock-demo-'))
    const ending = new AbortController()
    let cloud: Cloud | undefined
    try {
      cloud = await startCloud({ data: join(folder, 'cloud') })
      const result = await Promise.race([
        ship(invocation, cloud, { name, folder, until: ending.signal }),
        over,
      ])
      if (result === 'interrupted') {
        invocation.terminal.keep()
        invocation.terminal.warn('interrupted; nothing is left behind')
        invocation.terminal.mute()
        return 1
      }
      if (result === 0 && options.keep) await stayUp(invocation.terminal, cloud, join(folder, name), over)
      return result
    } finally {
      invocation.terminal.keep()
      ending.abort()
      await cloud?.stop()
      // What was interrupted may write a last file while the folder goes.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
    }
  },
}

async function ship(
  invocation: Invocation,
  cloud: Cloud,
  { name, folder, until }: { name: string; folder: string; until: AbortSignal },
): Promise<number> {
  const { options } = invocation
  const terminal = options.json ? quiet(invocation.terminal) : invocation.terminal
  const started = Date.now()
  const example = join(folder, name)
  await cp(exampleFolder(name), example, { recursive: true })
  const workspace = await openWorkspace(join(example, 'crossdock.yaml'), {
    endpoint: cloud.endpoint,
    patience: { ...patienceOf(terminal), until },
  })
  const count = accountsOfFleet(workspace.fleet).length
  terminal.print(`Embedded AWS at ${cloud.endpoint}, ${count} accounts, IAM enforced`)
  for (const file of await makeBeside(workspace, example)) terminal.print(`Made what is in ${file}`)
  await deployAndShow(workspace, terminal)
  const remote = cloud.endpoint.replace('http://', `http://${workspace.hub.account}:${cloud.secret}@`)
  const runs = await shipAll(workspace, terminal, {
    ...{ example, scratch: join(folder, 'repositories'), remote },
    ...{ yes: Boolean(options.yes), again: Boolean(options.again) },
  })
  workspace.accounts.close()
  const total = Date.now() - started
  const good = runs.every((run) => run.state.status === 'Succeeded' && run.answers.every((one) => !one.error))
  if (options.json)
    invocation.terminal.print(
      JSON.stringify(
        {
          succeeded: good,
          milliseconds: total,
          runs: runs.map(({ state, ...rest }) => ({ ...rest, status: state.status })),
        },
        null,
        2,
      ),
    )
  terminal.print(
    good
      ? `${terminal.colors.green('Shipped')} in ${duration(total)}`
      : terminal.colors.red(`Not shipped (${duration(total)})`),
  )
  return good ? 0 : 1
}

interface Run {
  readonly pipeline: string
  readonly commit: string
  readonly message: string
  readonly state: ExecutionState
  readonly answers: readonly Shipped[]
  readonly milliseconds: number
  /** How long the builds' own commands took of it. */
  readonly buildMilliseconds: number
}

interface Shipping extends Omit<FeedAround, 'workspace'> {
  readonly yes: boolean
  readonly again: boolean
}

/** Ships what each pipeline fetches, one pipeline after the other, and stops at the first that fails. */
async function shipAll(workspace: Workspace, terminal: Terminal, shipping: Shipping): Promise<Run[]> {
  const runs: Run[] = []
  const fed = new Map<string, { revision: string; message: string; since: number }>()
  for (const pipeline of workspace.assembly.pipelines) {
    const feeds = feedsOf(pipeline, { ...shipping, workspace })
    for (let round = 0; round <= Number(shipping.again); round++) {
      if (round > 0) fed.clear()
      const run = await shipOnce(workspace, terminal, { pipeline, feeds, fed, yes: shipping.yes })
      runs.push(run)
      if (run.state.status !== 'Succeeded') return runs
    }
  }
  return runs
}

interface Shipment {
  readonly pipeline: AssemblyPipeline
  readonly feeds: readonly Feed[]
  /** What was put already, by its name: several pipelines may fetch one repository. */
  readonly fed: Map<string, { revision: string; message: string; since: number }>
  readonly yes: boolean
}

async function shipOnce(
  workspace: Workspace,
  terminal: Terminal,
  { pipeline: { declaration }, feeds, fed, yes }: Shipment,
): Promise<Run> {
  const pipeline = declaration.name
  for (const feed of feeds) {
    if (fed.has(feed.name)) continue
    const since = Date.now()
    const put = await feed.put()
    fed.set(feed.name, { ...put, since })
    terminal.print(
      `Pushed ${terminal.colors.bold(put.revision.slice(0, 8))} "${put.message}" to ${feed.name}`,
    )
  }
  const { revision: commit, message, since: started } = fed.get(feeds.at(-1)!.name)!
  const execution = await executionOf(workspace, pipeline, commit, started)
  const decide = () => decision(terminal, yes)
  const state = await followAndShow(workspace, terminal, { pipeline, execution }, { decide, interval: LOOK })
  const milliseconds = Date.now() - started
  const builds = state.stages.flatMap((stage) => stage.actions)
  const times = await Promise.all(builds.map((action) => buildCommandTime(workspace.accounts, action)))
  const run = {
    ...{ pipeline, commit, message, state, milliseconds },
    buildMilliseconds: times.reduce((sum, one) => sum + one, 0),
  }
  if (state.status !== 'Succeeded') return { ...run, answers: [] }
  const answers = await shippedBy(workspace, declaration)
  printShipped(terminal, run, answers)
  return { ...run, answers }
}

function printShipped(
  terminal: Terminal,
  { commit, milliseconds }: Pick<Run, 'commit' | 'milliseconds'>,
  answers: readonly Shipped[],
): void {
  terminal.print(
    terminal.colors.bold(`Deployed ${commit.slice(0, 8)} in ${duration(milliseconds)}; what is there now:`),
  )
  const widest = Math.max(...answers.map(({ what }) => what.length))
  for (const { environment, account, region, what, answer } of answers)
    terminal.print(
      `  ${environment.padEnd(6)} ${account} ${region.padEnd(12)} ${what.padEnd(widest)} ${JSON.stringify(answer)}`,
    )
}

/** The execution that what was put started. */
async function executionOf(
  workspace: Workspace,
  pipeline: string,
  revision: string,
  since: number,
): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    // A source action that fails has no revision to tell it by, so what started after it was put counts as well.
    const found = (await history(workspace, pipeline)).executions.find(
      ({ revisions, trigger, started = 0 }) =>
        revisions.some(({ id }) => id === revision) || (trigger !== 'CreatePipeline' && started >= since),
    )
    if (found) return found.id
    await sleep(25)
  }
  throw new Error(`${revision} started no execution of ${pipeline}`)
}

async function decision(terminal: Terminal, yes: boolean): Promise<{ approved: boolean; summary: string }> {
  if (yes || !terminal.interactive) {
    const why = yes ? '--yes was given' : 'there is no terminal to ask at'
    terminal.print(`  approved: ${why}`)
    return { approved: true, summary: `approved by crossdock demo: ${why}` }
  }
  return { approved: await terminal.confirm('Deploy this to prod?'), summary: 'answered at the terminal' }
}

async function stayUp(
  terminal: Terminal,
  cloud: Cloud,
  folder: string,
  over: Promise<unknown>,
): Promise<void> {
  process.chdir(folder)
  const profiles = await writeProfiles(cloud, await accountsForProfiles())
  terminal.print()
  terminal.print(`The cloud keeps running; Ctrl-C ends it. In another terminal:`)
  terminal.print(`  cd ${folder}`)
  terminal.print(`  export AWS_ENDPOINT_URL=${cloud.endpoint}`)
  terminal.print(
    `  export AWS_CONFIG_FILE=${profiles.configFile} AWS_SHARED_CREDENTIALS_FILE=${profiles.credentialsFile}`,
  )
  terminal.print(`  node ${process.argv[1]} status`)
  terminal.print('  aws --profile hub codepipeline list-pipelines')
  const watching = [
    watchDenials(cloud, terminal),
    watchRefusals(cloud, terminal),
    watchFailures(cloud, terminal),
  ]
  await over
  for (const stop of watching) stop()
}
