/** The end of a deployment, and the rollback that may follow. */
import { groupKind } from '../kinds.ts'
import { type Deployment, deployments, type LifecycleEvent, type RollbackEvent } from '../state.ts'
import { newDeploymentId } from './deployment-id.ts'
import type { DeploymentFailure } from './failure.ts'
import { tellRollback, tellStatus } from './notify.ts'
import { platformOf } from './platforms.ts'
import type { Run } from './run.ts'
import { wake, wakeAt } from './wake.ts'

/** Ends a deployment that is under way: it has succeeded where no failure is told. */
export function endDeployment(run: Run, failure?: DeploymentFailure): void {
  const { ctx, deployment } = run
  const { application, group: name, id } = deployment
  wakeAt(ctx, id, undefined)
  const ended = run.save({
    status: failure ? failure.status : 'Succeeded',
    completed: ctx.cloud.clock.now(),
    events: deployment.events.map((one) => closed(one, ctx.cloud.clock.now(), failure)),
    hook: undefined,
    ...(deployment.hook && { answeredHooks: [...(deployment.answeredHooks ?? []), deployment.hook.id] }),
    ...(failure && { error: { code: failure.code, message: failure.message } }),
  })
  if (!failure && groupKind.lookUp(ctx, { application, name }))
    groupKind.change(ctx, { application, name }, { succeeded: id })
  const back = failure && rollsBack(ended, failure) ? newRollback(run) : undefined
  tellStatus(ctx, run.deployment)
  if (back) begin(run, back)
}

/** AWS: what was under way has failed then, and what was to come is skipped. */
function closed(event: LifecycleEvent, now: number, failure: DeploymentFailure | undefined): LifecycleEvent {
  if (event.status === 'InProgress')
    return { ...event, status: 'Failed', ended: now, ...(failure && { message: failure.message }) }
  return event.status === 'Pending' ? { ...event, status: 'Skipped' } : event
}

/**
 * AWS: DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_ALARM and DEPLOYMENT_STOP_ON_REQUEST, where rollbacks are enabled; whoever
 * stops a deployment may ask for one, or for none. A rollback is not rolled back.
 */
function rollsBack({ takesBack, rollback, stop }: Deployment, { code }: DeploymentFailure): boolean {
  if (takesBack) return false
  if (code === 'MANUAL_STOP' && stop?.rollback !== undefined) return stop.rollback
  const event: RollbackEvent =
    code === 'MANUAL_STOP'
      ? 'DEPLOYMENT_STOP_ON_REQUEST'
      : code === 'ALARM_ACTIVE'
        ? 'DEPLOYMENT_STOP_ON_ALARM'
        : 'DEPLOYMENT_FAILURE'
  return Boolean(rollback?.enabled && rollback.events?.includes(event))
}

/**
 * Gives the deployment that takes one back. AWS: it has an id of its own and deploys what was deployed last; nobody says
 * which of its lifecycle events are told: here all but AllowTraffic are skipped.
 */
function newRollback(run: Run): Deployment | undefined {
  const { ctx, deployment } = run
  if (deployment.started === undefined || !platformOf(deployment).canTakeBack(deployment)) {
    run.save({ rollbackMessage: 'Nothing has been deployed that could be rolled back.' })
    return undefined
  }
  const id = newDeploymentId(ctx)
  const back: Deployment = {
    ...deployment,
    id,
    creator: 'codeDeployRollback',
    revision: deployment.previous ?? deployment.revision,
    description: undefined,
    rollback: undefined,
    status: 'Created',
    created: ctx.cloud.clock.now(),
    events: deployment.events.map(({ name }) => ({
      name,
      status: name === 'AllowTraffic' ? 'Pending' : 'Skipped',
    })),
    started: undefined,
    completed: undefined,
    error: undefined,
    stop: undefined,
    alarms: undefined,
    shiftAt: undefined,
    terminateAt: undefined,
    takesBack: deployment.id,
    rollbackMessage: `Deployment ${deployment.id} is rolled back by deployment ${id}.`,
  }
  run.save({ rollbackDeployment: id, rollbackMessage: back.rollbackMessage })
  return back
}

function begin({ ctx }: Run, back: Deployment): void {
  ctx.table(deployments).put(back.id, back)
  const { application, group: name } = back
  if (groupKind.lookUp(ctx, { application, name }))
    groupKind.change(ctx, { application, name }, { attempted: back.id })
  tellRollback(ctx, back)
  wake(ctx, back.id)
}
