/** An example with all its pipelines, shipped through an embedded cloud in this process by the parts of `crossdock demo`. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import {
  CodePipelineClient,
  type PipelineExecutionSummary,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { makeBeside } from '../../src/cli/demo/beside.ts'
import { type Feed, feedsOf } from '../../src/cli/demo/feeds.ts'
import { type Shipped, shippedBy } from '../../src/cli/demo/shipped.ts'
import { openWorkspace, type Workspace } from '../../src/cli/workspace.ts'
import { type Cloud, type CloudOptions, startCloud, type TrailEntry } from '../../src/cloud/index.ts'
import { deploy } from '../../src/deploy/index.ts'
import type { PipelineDeclaration } from '../../src/model/index.ts'
import { type ExecutionState, executions, rollBack, rollbackOf } from '../../src/operate/index.ts'
import { renderTemplate } from '../../src/synth/index.ts'
import { failureOf, follow } from './ship.ts'

const run = promisify(execFile)
const AUTHOR = ['-c', 'user.name=Journey', '-c', 'user.email=journey@crossdock.example']

/** A change to files of a repository or, where none is named, of what is dropped. */
export interface ExampleChange {
  /** The fleet file's names of the pipelines that it starts. */
  readonly starts: readonly string[]
  /** `owner/name`, of which the branch `main` is changed. */
  readonly repository?: string
  /** New text by file. */
  readonly edit: Readonly<Record<string, (text: string) => string>>
}

async function edited(path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(path, 'utf8')
  const changed = change(text)
  if (changed === text) throw new Error(`the change leaves ${path} as it is`)
  await writeFile(path, changed)
}

export class Demonstration {
  /** The last execution of each pipeline that was followed to its end, by the pipeline's name in the fleet file. */
  readonly states = new Map<string, ExecutionState>()
  /** How many executions each pipeline had when it was last looked at; its creation starts one. */
  private readonly seen = new Map<string, number>()
  private readonly feeds: ReadonlyMap<string, Feed[]>
  private readonly remote: string

  readonly cloud: Cloud
  readonly workspace: Workspace
  private readonly folder: string
  private readonly bugs: unknown[]

  private constructor(cloud: Cloud, workspace: Workspace, folder: string, bugs: unknown[]) {
    this.cloud = cloud
    this.workspace = workspace
    this.folder = folder
    this.bugs = bugs
    this.remote = cloud.endpoint.replace('http://', `http://${workspace.hub.account}:${cloud.secret}@`)
    const { example, scratch, remote } = this
    const around = { workspace, example, scratch, remote }
    this.feeds = new Map(workspace.assembly.pipelines.map((one) => [one.id, feedsOf(one, around)]))
  }

  private get example(): string {
    return join(this.folder, 'example')
  }

  private get scratch(): string {
    return join(this.folder, 'repositories')
  }

  /** Deploys an example to a new cloud, with what it works with and does not make. There is nothing yet that it could ship. */
  static async deploy(
    name: string,
    { edit = {}, clock }: Pick<Partial<ExampleChange>, 'edit'> & Pick<CloudOptions, 'clock'> = {},
  ): Promise<Demonstration> {
    const folder = await mkdtemp(join(tmpdir(), 'crossdock-demonstration-'))
    const example = join(folder, 'example')
    await cp(resolve('examples', name), example, { recursive: true })
    for (const [file, change] of Object.entries(edit)) await edited(join(example, file), change)
    const bugs: unknown[] = []
    const cloud = await startCloud({ onBug: (_where, error) => bugs.push(error), clock })
    const { endpoint } = cloud
    const workspace = await openWorkspace(join(example, 'crossdock.yaml'), { endpoint })
    const made = new Demonstration(cloud, workspace, folder, bugs)
    await makeBeside(workspace, example)
    await deploy(workspace.assembly, {
      accounts: workspace.accounts,
      render: (stack) => renderTemplate(stack.template),
      listener: () => undefined,
      pace: { interval: 20, sleep: (ms) => sleep(ms) },
      now: Date.now,
      token: 'journey',
    })
    // By a clock that stands nothing comes to rest by itself.
    if (!clock) await cloud.settled()
    for (const { id } of workspace.assembly.pipelines) made.seen.set(id, (await made.executions(id)).length)
    return made
  }

  /** Puts all that is fetched, each once, and follows the execution of every pipeline to its end. */
  async ship(): Promise<void> {
    const put = new Set<string>()
    for (const [id, feeds] of this.feeds) {
      for (const feed of feeds) {
        if (!put.has(feed.name)) await feed.put()
        put.add(feed.name)
      }
      await this.followNext(id)
    }
  }

  /** Ships changed files, and follows what that starts to its end. */
  async change({ starts, repository, edit }: ExampleChange): Promise<void> {
    const folder = repository ? join(this.scratch, `${basename(repository)}-main`) : this.example
    for (const [file, change] of Object.entries(edit)) await edited(join(folder, file), change)
    if (repository) await this.push(folder, repository)
    else for (const id of starts) for (const feed of this.feeds.get(id)!) await feed.put()
    for (const id of starts) await this.followNext(id)
  }

  /** Ships once more what a pipeline fetches, as it stands. */
  async startAgain(id: string): Promise<void> {
    const client = await this.codepipeline()
    await client.send(new StartPipelineExecutionCommand({ name: this.nameOf(id) }))
    await this.followNext(id)
  }

  /** Rolls a stage back to what was shipped through it before, and follows that to its end. */
  async rollBack(id: string, stage: string): Promise<void> {
    const name = this.nameOf(id)
    await rollBack(this.workspace, name, await rollbackOf(this.workspace, name, stage))
    await this.followNext(id)
  }

  private async push(cwd: string, repository: string): Promise<void> {
    const git = (...words: string[]) => run('git', [...AUTHOR, ...words], { cwd })
    await git('commit', '--quiet', '--all', '--message', 'A change')
    await git('push', '--quiet', `${this.remote}/_codeconnections/${repository}.git`, 'main')
  }

  /** Follows the execution that starts next, or has started since the last look, approving whatever waits. */
  private async followNext(id: string): Promise<void> {
    const client = await this.codepipeline()
    const { hub } = this.workspace
    for (;;) {
      const found = await this.executions(id)
      if (found.length > this.seen.get(id)!) {
        this.states.set(id, await follow(client, hub, this.nameOf(id), found[0]!.pipelineExecutionId))
        this.seen.set(id, found.length)
        return
      }
      await sleep(20)
    }
  }

  /** All executions of a pipeline so far, the newest first, once nothing works in the background any more. */
  async settledExecutions(id: string): Promise<PipelineExecutionSummary[]> {
    await this.cloud.settled()
    return this.executions(id)
  }

  private async executions(id: string): Promise<PipelineExecutionSummary[]> {
    return executions(await this.codepipeline(), this.nameOf(id))
  }

  private codepipeline(): Promise<CodePipelineClient> {
    return this.workspace.accounts.client(CodePipelineClient, this.workspace.hub)
  }

  private nameOf(id: string): string {
    return this.declarationOf(id).name
  }

  private declarationOf(id: string): PipelineDeclaration {
    return this.workspace.assembly.pipelines.find((one) => one.id === id)!.declaration
  }

  /** What a pipeline has put into the accounts. */
  shipped(id: string): Promise<Shipped[]> {
    return shippedBy(this.workspace, this.declarationOf(id))
  }

  get trail(): readonly TrailEntry[] {
    return this.cloud.trail.entries()
  }

  /** What went wrong in the executions that were followed last, as a person would be told. */
  get failures(): string {
    return [...this.states.values()].map((state) => failureOf({ state })).join('')
  }

  async end(): Promise<void> {
    this.workspace.accounts.close()
    await this.cloud.stop()
    await rm(this.folder, { recursive: true, force: true })
    if (this.bugs.length) throw new AggregateError(this.bugs, 'the cloud had bugs')
  }
}

/** An edit that puts one text in the place of another, wherever that stands. */
export const replaced =
  (from: string, to: string) =>
  (text: string): string =>
    text.replaceAll(from, to)
