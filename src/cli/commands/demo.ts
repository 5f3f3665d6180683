/** `crossdock demo`: everything at once on an embedded cloud, with an example application. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cloud, startCloud } from '../../cloud/index.ts'
import { buildCommandTime, type ExecutionState, history } from '../../operate/index.ts'
import { accountsForProfiles, writeProfiles } from '../cloud-profiles.ts'
import type { Command, Invocation } from '../command.ts'
import { type Answer, invokeFunctions } from '../demo/invoke-functions.ts'
import { commitChange, createRepository, push, type Repository } from '../demo/repository.ts'
import { followAndShow } from '../follow-and-show.ts'
import { interrupted } from '../interrupted.ts'
import type { Terminal } from '../terminal.ts'
import { PACKAGE_FOLDER } from '../version.ts'
import { duration } from '../view/text.ts'
import { watchDenials } from '../view/watch-denials.ts'
import { watchFailures } from '../view/watch-failures.ts'
import { watchRefusals } from '../view/watch-refusals.ts'
import { openWorkspace, patienceOf, type Workspace } from '../workspace.ts'
import { deployAndShow, quiet } from './deploy.ts'

const PIPELINE = 'hello-hello'
const STACK = 'hello'
const REPOSITORY = 'example/hello'
const LOOK = 60

export const demo: Command = {
  options: [
    { flags: '-y, --yes', description: 'approve without asking' },
    { flags: '--again', description: 'ship a second commit that changes the function' },
    { flags: '--keep', description: 'leave the cloud running at the end' },
  ],
  run: async (invocation) => {
    // From here on, so that an interruption at any time leaves nothing behind.
    const over = interrupted().then(() => 'interrupted' as const)
    const folder = await mkdtemp(join(tmpdir(), 'crossdock-demo-'))
    const ending = new AbortController()
    let cloud: Cloud | undefined
    try {
      cloud = await startCloud({ data: join(folder, 'cloud') })
      const result = await Promise.race([ship(invocation, cloud, { folder, until: ending.signal }), over])
      if (result === 'interrupted') {
        invocation.terminal.keep()
        invocation.terminal.warn('interrupted; nothing is left behind')
        invocation.terminal.mute()
        return 1
      }
      if (result === 0 && invocation.options.keep) await stayUp(invocation.terminal, cloud, folder, over)
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
  { folder, until }: { folder: string; until: AbortSignal },
): Promise<number> {
  const { options } = invocation
  const terminal = options.json ? quiet(invocation.terminal) : invocation.terminal
  const started = Date.now()
  terminal.print(`Embedded AWS at ${cloud.endpoint}, four accounts, IAM enforced`)
  const remote = cloud.endpoint.replace('http://', `http://111111111111:${cloud.secret}@`)
  const repository = await createRepository(
    join(PACKAGE_FOLDER, 'examples/hello'),
    join(folder, 'hello'),
    `${remote}/_codeconnections/${REPOSITORY}.git`,
  )
  const workspace = await openWorkspace(join(repository.folder, 'crossdock.yaml'), {
    endpoint: cloud.endpoint,
    patience: { ...patienceOf(terminal), until },
  })
  await deployAndShow(workspace, terminal)
  const first = await shipCommit(workspace, repository, terminal, Boolean(options.yes))
  const runs = [first]
  if (options.again && first.state.status === 'Succeeded') {
    await commitChange(repository)
    runs.push(await shipCommit(workspace, repository, terminal, Boolean(options.yes)))
  }
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
  readonly commit: string
  readonly message: string
  readonly state: ExecutionState
  readonly answers: readonly Answer[]
  readonly milliseconds: number
  /** How long the builds' own commands took of it. */
  readonly buildMilliseconds: number
}

async function shipCommit(
  workspace: Workspace,
  repository: Repository,
  terminal: Terminal,
  yes: boolean,
): Promise<Run> {
  const started = Date.now()
  const { commit, message } = await push(repository)
  terminal.print(`Pushed ${terminal.colors.bold(commit.slice(0, 8))} "${message}" to ${REPOSITORY}`)
  const execution = await executionOf(workspace, commit, started)
  const decide = () => decision(terminal, yes)
  const state = await followAndShow(
    workspace,
    terminal,
    { pipeline: PIPELINE, execution },
    { decide, interval: LOOK },
  )
  const milliseconds = Date.now() - started
  const builds = state.stages.flatMap((stage) => stage.actions)
  const times = await Promise.all(builds.map((action) => buildCommandTime(workspace.accounts, action)))
  const run = {
    commit,
    message,
    state,
    milliseconds,
    buildMilliseconds: times.reduce((sum, one) => sum + one, 0),
  }
  if (state.status !== 'Succeeded') return { ...run, answers: [] }
  const answers = await invokeFunctions(workspace, STACK)
  terminal.print(
    terminal.colors.bold(
      `Deployed ${commit.slice(0, 8)} in ${duration(milliseconds)}; the functions answer:`,
    ),
  )
  for (const { environment, account, region, answer } of answers)
    terminal.print(`  ${environment.padEnd(6)} ${account} ${region.padEnd(12)} ${JSON.stringify(answer)}`)
  return { ...run, answers }
}

/** The execution that the push of a commit started. */
async function executionOf(workspace: Workspace, commit: string, since: number): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    // A source action that fails has no revision to tell it by, so what a push started after this one counts as well.
    const found = (await history(workspace, PIPELINE)).executions.find(
      ({ revisions, trigger, started = 0 }) =>
        revisions.some(({ id }) => id === commit) || (trigger !== 'CreatePipeline' && started >= since),
    )
    if (found) return found.id
    await sleep(25)
  }
  throw new Error(`the push of ${commit} started no execution`)
}

async function decision(terminal: Terminal, yes: boolean): Promise<{ approved: boolean; summary: string }> {
  if (yes || !terminal.interactive) {
    const why = yes ? '--yes was given' : 'there is no terminal to ask at'
    terminal.print(`  approved: ${why}`)
    return { approved: true, summary: `approved by crossdock demo: ${why}` }
  }
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({ message: 'Deploy this to prod?' })
  if (isCancel(answer)) {
    // At a prompt Ctrl-C is a key and no signal; it is meant as one, not as an answer.
    process.kill(process.pid, 'SIGINT')
    return new Promise(() => undefined)
  }
  return { approved: answer, summary: 'answered at the terminal' }
}

async function stayUp(
  terminal: Terminal,
  cloud: Cloud,
  folder: string,
  over: Promise<unknown>,
): Promise<void> {
  process.chdir(join(folder, 'hello'))
  const profiles = await writeProfiles(cloud, await accountsForProfiles())
  terminal.print()
  terminal.print(`The cloud keeps running; Ctrl-C ends it. In another terminal:`)
  terminal.print(`  cd ${join(folder, 'hello')}`)
  terminal.print(`  export AWS_ENDPOINT_URL=${cloud.endpoint}`)
  terminal.print(
    `  export AWS_CONFIG_FILE=${profiles.configFile} AWS_SHARED_CREDENTIALS_FILE=${profiles.credentialsFile}`,
  )
  terminal.print(`  node ${process.argv[1]} status`)
  terminal.print('  aws --profile hub codepipeline get-pipeline-state --name hello-hello')
  const watching = [
    watchDenials(cloud, terminal),
    watchRefusals(cloud, terminal),
    watchFailures(cloud, terminal),
  ]
  await over
  for (const stop of watching) stop()
}
