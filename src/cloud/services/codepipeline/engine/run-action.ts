/** Running one action or rule from its record to its outcome, also when it was begun before a restart. */
import {
  type ActionDeclaration,
  AwsError,
  type PipelineDeclaration,
  parseArn,
} from '../../../../model/index.ts'
import { clonedSource, variableReferences, workerOf } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { setTimer } from '../../../kernel/timers.ts'
import { pipelineArn } from '../kinds.ts'
import { runnerOf } from '../providers/index.ts'
import { ActionFailure, type ActionJob, isDenial, type Outcome, PENDING } from '../providers/runner.ts'
import { type ActionRun, actionRunsOf, type External } from '../state.ts'
import { actionJournal, forgetAction } from './action-journal.ts'
import { readObject, storeOf, writeObject } from './artifact-objects.ts'
import { endAction } from './end-action.ts'
import { executionOf } from './execution-record.ts'
import { prepareArtifacts } from './prepare-artifacts.ts'
import { actionOf, changeRun } from './records.ts'
import { resolveIn } from './resolve.ts'
import { type RoleSessions, roleSessions } from './role-sessions.ts'
import { waitFor } from './waits.ts'

/** Called when an action has ended. */
export type GoOn = (ctx: Context, pipeline: string) => void

/**
 * Runs the action of a record that is in progress; the record and the execution tell what came of it. Whatever it makes
 * others call is recorded as caused by it.
 */
export async function runAction(ctx: Context, pipeline: string, runId: string, goOn: GoOn): Promise<void> {
  const finish = (outcome: Outcome | ActionFailure) => {
    endAction(ctx, pipeline, runId, outcome)
    goOn(ctx, pipeline)
  }
  const again = () =>
    ctx.spawn(`${pipeline} again`, (background) => runAgain(background, pipeline, runId, goOn))
  try {
    const outcome = await attempt(ctx.causedBy(runId), pipeline, runId, { finish, again })
    if (outcome !== PENDING) finish(outcome)
  } catch (error) {
    // What fails because the cloud stops goes on when it starts again; a deleted pipeline has no record to end.
    const known = ctx.table(actionRunsOf(pipeline)).has(runId)
    if (known && !ctx.cloud.signal.aborted) finish(asFailure(ctx, error))
  }
  if (ctx.table(actionRunsOf(pipeline)).get(runId)?.status !== 'InProgress') forgetAction(ctx, runId)
}

/** Another turn of what waited for a time or an event: it starts with no answers. */
async function runAgain(ctx: Context, pipeline: string, runId: string, goOn: GoOn): Promise<void> {
  if (ctx.table(actionRunsOf(pipeline)).get(runId)?.status !== 'InProgress') return
  forgetAction(ctx, runId)
  await runAction(ctx, pipeline, runId, goOn)
}

interface Ends {
  finish(outcome: Outcome | ActionFailure): void
  again(): void
}

async function attempt(
  ctx: Context,
  pipeline: string,
  runId: string,
  ends: Ends,
): Promise<Outcome | typeof PENDING> {
  const run = ctx.table(actionRunsOf(pipeline)).get(runId)!
  const execution = executionOf(ctx, pipeline, run.executionId)!
  const action = actionOf(execution, run)
  checkResolved(run)
  checkInputs(run, action)
  checkReadable(ctx, execution.declaration, action)
  const region = action.region ?? ctx.region
  const sessions = roleSessions(ctx, { pipeline: execution.declaration.roleArn, action: action.roleArn })
  await prepareArtifacts({ ctx, pipeline, executionId: execution.id, sessions }, run, region)
  return runnerOf(action).run(makeJob(ctx, pipeline, runId, sessions, ends))
}

/** AWS: a reference to a repository is an error for every action but a build. */
function checkReadable(
  { account, region }: Context,
  pipeline: PipelineDeclaration,
  action: ActionDeclaration,
) {
  if (workerOf(action.actionTypeId) === 'build') return
  const around = { account, region, artifactBucketKeyArn: () => undefined, project: () => undefined }
  for (const { name } of action.inputArtifacts ?? [])
    if (clonedSource(pipeline, name, around))
      throw new ActionFailure(
        `The artifact ${name} is a reference to a repository, which CodeBuild actions only can read`,
        { code: 'ConfigurationError' },
      )
}

function checkResolved({ resolved }: ActionRun): void {
  const left = Object.values(resolved).flatMap(variableReferences)
  if (left.length)
    throw new ActionFailure(`The variable ${left[0]!.text} could not be resolved`, {
      code: 'ConfigurationError',
    })
}

/** AWS: what a skipped stage would have made is not there for those behind it. */
function checkInputs({ inputs }: ActionRun, { inputArtifacts = [] }: ActionDeclaration): void {
  const missing = inputArtifacts.find(({ name }) => !inputs.some((one) => one.name === name))
  if (missing)
    throw new ActionFailure(`The input artifact ${missing.name} was not made in this execution`, {
      code: 'ConfigurationError',
    })
}

function makeJob(
  ctx: Context,
  pipeline: string,
  runId: string,
  sessions: RoleSessions,
  { finish, again }: Ends,
): ActionJob {
  const run = ctx.table(actionRunsOf(pipeline)).get(runId)!
  const execution = executionOf(ctx, pipeline, run.executionId)!
  const { declaration } = execution
  const action = actionOf(execution, run)
  const region = action.region ?? ctx.region
  const role = action.roleArn ?? declaration.roleArn
  const reach = async () => ({ ctx, identity: await sessions.inEffect(), region })
  const journal = actionJournal(ctx, runId)
  return {
    ctx,
    pipeline: declaration,
    pipelineArn: pipelineArn(ctx, declaration.name),
    executionId: execution.id,
    actionRunId: run.id,
    stage: run.stage,
    action,
    condition: run.condition,
    configuration: run.resolved,
    region,
    account: parseArn(role)?.account ?? ctx.account,
    inputs: run.inputs,
    outputs: run.outputs,
    revisions: Object.fromEntries(
      Object.values(execution.artifacts).flatMap(({ name, revision }) =>
        revision ? [[name, revision]] : [],
      ),
    ),
    override: execution.overrides.find((one) => one.actionName === action.name),
    started: run.started,
    progress: run.progress,
    call: (service, operation, input) =>
      journal.call(`${service}:${operation as string}`, input, async () =>
        ctx.call(service, operation, input, {
          as: await sessions.inEffect(),
          region,
          invokedBy: `codepipeline/${pipeline}`,
        }),
      ),
    once: (name, make) => journal.once(name, make),
    as: sessions.inEffect,
    limited: sessions.limited,
    show: (external) => save(ctx, pipeline, run.id, { external }),
    save: (progress, external) => save(ctx, pipeline, run.id, { progress, external }),
    resolve: (text) => resolveIn(execution, text),
    again: (wait) => waitFor(ctx, run.id, wait, again),
    expire: (at, message) => setTimer(ctx.cloud, run.id, at, () => finish(new ActionFailure(message))),
    read: async (artifact) => readObject(await reach(), artifact),
    write: (artifact, content, { hands } = {}) =>
      journal.step(`write ${artifact.name}`, async () =>
        writeObject(await reach(), artifact, content, storeOf(declaration, region, ctx.region), hands),
      ),
  }
}

function save(
  ctx: Context,
  pipeline: string,
  runId: string,
  { external, ...progress }: { progress?: Record<string, unknown>; external?: External },
): void {
  const now = ctx.table(actionRunsOf(pipeline)).get(runId)!
  const shown = external ? { ...now.external, ...external } : now.external
  changeRun(ctx, pipeline, runId, { ...progress, external: shown })
}

/** A denial keeps AWS's message, which names who, what and on which resource. */
function asFailure(ctx: Context, error: unknown): ActionFailure {
  if (error instanceof ActionFailure) return error
  if (error instanceof AwsError)
    return new ActionFailure(error.message, { code: isDenial(error) ? 'PermissionError' : 'JobFailed' })
  ctx.cloud.bug('codepipeline action', error)
  return new ActionFailure('The action failed because of an internal error', { code: 'InternalError' })
}
