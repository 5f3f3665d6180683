/** Runs pipelines as people do who go on after each kill: follows, approves, starts again what a kill ended. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CodePipelineClient,
  ListActionExecutionsCommand,
  PutApprovalResultCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import type { Target } from '../../src/model/index.ts'
import {
  type ActionState,
  declarationOf,
  type ExecutionState,
  executionState,
  executions,
  waitingApprovals,
} from '../../src/operate/index.ts'
import type { Visit } from './visit.ts'

export interface PipelinePlace {
  readonly hub: Target
  readonly pipeline: string
  /** The source action whose revision tells what an execution ships. */
  readonly source: string
}

/** How long an execution may take while kills go on, and then without any, in milliseconds. */
const ENDS_WITHIN = 60_000
/** How long what was acknowledged may take to start an execution, in milliseconds. */
const STARTS_WITHIN = 30_000
/** How often a person starts an execution again. */
const PERSEVERANCE = 12

const clientOf = ({ accounts }: Visit, { hub }: PipelinePlace) => accounts.client(CodePipelineClient, hub)

/** Gives the ids of the executions so far, newest first. */
export async function executionIds(visit: Visit, place: PipelinePlace): Promise<string[]> {
  const found = await executions(await clientOf(visit, place), place.pipeline)
  return found.map((one) => one.pipelineExecutionId ?? '')
}

/**
 * Follows an execution until it has succeeded, starting the pipeline anew where a kill ended a build. `mayFail` tells
 * of failures that are due without any kill. Errors: it ended otherwise.
 */
export async function shipThrough(
  visit: Visit,
  place: PipelinePlace,
  id: string,
  mayFail: (state: ExecutionState) => boolean = () => false,
): Promise<void> {
  let current = id
  for (let run = 0; run < PERSEVERANCE; run++) {
    const state = await follow(visit, place, current)
    if (!state || state.status === 'Succeeded' || mayFail(state)) return
    if (state.status === 'Superseded') {
      current = (await executionIds(visit, place))[0] ?? current
      continue
    }
    const failed = state.stages.flatMap(({ actions }) => actions).filter((one) => one.status === 'Failed')
    if (!failed.length || !failed.every((action) => isCutShort(visit, action)))
      throw new Error(`execution ${current} ${state.status}: ${failed.map(inWords).join('; ')}`)
    current = await startAgain(visit, place)
  }
  throw new Error(`the pipeline ${place.pipeline} does not succeed in ${PERSEVERANCE} runs`)
}

const inWords = ({ name, error }: ActionState): string => `${name}: ${error?.code}: ${error?.message}`

/** A build that ran when the cloud was killed is lost with it, as AWS's are with their machine. */
const isCutShort = ({ cloud }: Visit, { provider, started = 0, ended = 0 }: ActionState): boolean =>
  provider === 'CodeBuild' && cloud.kills.some((time) => time >= started - 1000 && time <= ended + 1000)

async function startAgain(visit: Visit, place: PipelinePlace): Promise<string> {
  const client = await clientOf(visit, place)
  const { pipelineExecutionId = '' } = await client.send(
    new StartPipelineExecutionCommand({ name: place.pipeline }),
  )
  visit.ledger.acknowledge(`StartPipelineExecution ${pipelineExecutionId}`, async () =>
    (await executionIds(visit, place)).includes(pipelineExecutionId)
      ? undefined
      : 'there is no such execution',
  )
  return pipelineExecutionId
}

/** Gives how an execution ended, approving whatever waits; undefined when it is stuck. */
async function follow(visit: Visit, place: PipelinePlace, id: string): Promise<ExecutionState | undefined> {
  const client = await clientOf(visit, place)
  const declaration = await declarationOf(client, place.pipeline)
  let deadline = Date.now() + ENDS_WITHIN
  for (let resting = false; ; ) {
    const state = await executionState(client, declaration, place.hub, id)
    if (state && !['InProgress', 'Stopping'].includes(state.status)) return state
    if (state) await approve(visit, place, client, state)
    if (Date.now() > deadline) {
      if (resting) {
        visit.find('executions stuck', `${place.pipeline} ${id}: ${describe(state)}`)
        return undefined
      }
      resting = true
      await visit.killer.rest()
      deadline = Date.now() + ENDS_WITHIN / 2
    }
    await sleep(25)
  }
}

const describe = (state: ExecutionState | undefined): string =>
  (state?.stages ?? [])
    .flatMap(({ actions }) => actions)
    .filter(({ status }) => status === 'InProgress')
    .map(({ name, status }) => `${name} ${status}`)
    .join(', ')

async function approve(
  visit: Visit,
  { pipeline }: PipelinePlace,
  client: CodePipelineClient,
  state: ExecutionState,
): Promise<void> {
  for (const { stage, action } of waitingApprovals(state)) {
    const summary = `seen in ${action.id}`
    const answer = new PutApprovalResultCommand({
      pipelineName: pipeline,
      stageName: stage,
      actionName: action.name,
      token: action.approvalToken,
      result: { status: 'Approved', summary },
    })
    const answered = await client.send(answer).catch((error: Error) => error)
    if (answered instanceof Error) {
      // The answer before a kill was taken, though it was never acknowledged.
      if (/ApprovalToken|AlreadyCompleted/.test(answered.name)) continue
      throw answered
    }
    visit.ledger.acknowledge(`PutApprovalResult ${action.id}`, async () => {
      const details = await actionExecutions(client, pipeline)
      const found = details.find((one) => one.actionExecutionId === action.id)
      const isThere = found?.status === 'Succeeded' && summaryOf(found) === summary
      return isThere ? undefined : `the approval is ${found?.status}`
    })
  }
}

const summaryOf = ({ output }: { output?: { executionResult?: { externalExecutionSummary?: string } } }) =>
  output?.executionResult?.externalExecutionSummary

/** Gives every action execution of a pipeline. */
export async function actionExecutions(client: CodePipelineClient, pipelineName: string) {
  const found = []
  let nextToken: string | undefined
  do {
    const answer = await client.send(new ListActionExecutionsCommand({ pipelineName, nextToken }))
    found.push(...(answer.actionExecutionDetails ?? []))
    nextToken = answer.nextToken
  } while (nextToken)
  return found
}

/** What brought a revision: how it is named, and how often it may have arrived. */
export interface Arrival {
  readonly revision: string
  /** More than one when an answer was lost, so that it was brought again. */
  readonly attempts: number
}

/** Brings a revision, which must start exactly one execution, and follows that to its end. */
export async function bringAndShip(
  visit: Visit,
  place: PipelinePlace,
  bring: () => Promise<Arrival>,
  mayFail?: (state: ExecutionState) => boolean,
): Promise<void> {
  const before = await executionIds(visit, place)
  const { revision, attempts } = await bring()
  visit.ledger.acknowledge(`${place.pipeline} ships ${revision}`, async () => {
    const client = await clientOf(visit, place)
    const started = (await executions(client, place.pipeline)).filter(
      (one) =>
        !before.includes(one.pipelineExecutionId ?? '') &&
        one.trigger?.triggerType !== 'StartPipelineExecution' &&
        one.sourceRevisions?.some(
          (found) => found.actionName === place.source && found.revisionId === revision,
        ),
    )
    if (!started.length) return 'it started no execution'
    if (started.length > attempts)
      visit.find('actions run twice', `${revision} started ${started.length} executions of ${place.pipeline}`)
    return undefined
  })
  const deadline = Date.now() + STARTS_WITHIN
  for (;;) {
    const [newest] = await executionIds(visit, place)
    if (newest && !before.includes(newest)) return shipThrough(visit, place, newest, mayFail)
    if (Date.now() > deadline) break
    await sleep(30)
  }
  return shipThrough(visit, place, await startAgain(visit, place), mayFail)
}
