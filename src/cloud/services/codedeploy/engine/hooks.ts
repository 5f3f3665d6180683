/** Functions that are told of lifecycle events, and say whether the deployment goes on. */
import { awaitedAnswers } from '../../../kernel/awaited-answers.ts'
import type { Context } from '../../../kernel/context.ts'
import { deployments, type HookExecution } from '../state.ts'
import { DeploymentFailure } from './failure.ts'
import { withEvent } from './lifecycle.ts'
import type { Run, Step } from './run.ts'
import { wake } from './wake.ts'

/** AWS: "The deployment is considered to have failed if CodeDeploy is not notified … within one hour." */
const PATIENCE = 60 * 60_000

const failed = 'One of the lifecycle event validation functions failed.'

/**
 * Tells the function of an event, and ends the event by its answer; an event without a function succeeds at once. AWS: the
 * function is invoked with the two ids as the group's role, and what it returns says nothing. Nobody says whether CodeDeploy
 * waits for it to return: here it does not, as a function may hand the ids on. Errors: DeploymentFailure.
 */
export async function runHook(run: Run, event: string): Promise<Step> {
  const { deployment, ctx } = run
  const name = deployment.spec?.hooks[event]
  if (name === undefined) {
    run.save({ events: withEvent(ctx, deployment, event, 'Succeeded') })
    return 'on'
  }
  const hook = deployment.hook?.event === event ? deployment.hook : begin(run, event, name)
  if (hook.answer === 'Succeeded') {
    forget(run, hook)
    run.save({
      events: withEvent(ctx, run.deployment, event, 'Succeeded'),
      hook: undefined,
      answeredHooks: [...(run.deployment.answeredHooks ?? []), hook.id],
    })
    return 'on'
  }
  const late = ctx.cloud.clock.now() >= hook.until
  if (hook.answer === 'Failed' || late) {
    forget(run, hook)
    const why = late
      ? `The function ${name} did not answer within one hour.`
      : (hook.why ?? `The function ${name} said that the event failed.`)
    run.save({ events: withEvent(ctx, run.deployment, event, 'Failed', why) })
    throw new DeploymentFailure('HOOK_EXECUTION_FAILURE', failed)
  }
  expectAnswer(run, hook)
  if (!hook.invoked) await invoke(run, hook)
  return { until: hook.until }
}

function begin(run: Run, event: string, name: string): HookExecution {
  const { ctx } = run
  const id = ctx.cloud.ids.uuid()
  const hook = { id, event, function: name, until: ctx.cloud.clock.now() + PATIENCE, invoked: false }
  run.save({ hook, events: withEvent(ctx, run.deployment, event, 'InProgress') })
  return hook
}

const LAMBDA = { title: 'AWSLambda', code: 'HOOK_EXECUTION_FAILURE' } as const

async function invoke(run: Run, hook: HookExecution): Promise<void> {
  const { id: DeploymentId } = run.deployment
  const event = { DeploymentId, LifecycleEventHookExecutionId: hook.id }
  await run
    .call(
      'lambda',
      'Invoke',
      {
        FunctionName: hook.function,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(event)) as never,
      },
      LAMBDA,
    )
    .catch((error: Error) => {
      forget(run, hook)
      run.save({ events: withEvent(run.ctx, run.deployment, hook.event, 'Failed', error.message) })
      throw error
    })
  const { hook: now } = run.deployment
  if (now?.id === hook.id) run.save({ hook: { ...now, invoked: true } })
}

/**
 * AWS lets a deployment wait its hour for a function that has failed and will not answer; here it fails at once, with the
 * function's error.
 */
function expectAnswer({ ctx, deployment }: Run, { id }: HookExecution): void {
  ctx.cloud.part(awaitedAnswers).expect(id, {
    lost: (why) => answerHook(ctx, deployment.id, id, 'Failed', why),
    done: () => undefined,
  })
}

/** Takes the answer of the function that a deployment waits for; any other is of no interest. */
export function answerHook(
  ctx: Context,
  deploymentId: string,
  hookId: string,
  answer: 'Succeeded' | 'Failed',
  why?: string,
): void {
  const table = ctx.table(deployments)
  const deployment = table.get(deploymentId)
  if (deployment?.hook?.id !== hookId || deployment.hook.answer) return
  table.put(deploymentId, { ...deployment, hook: { ...deployment.hook, answer, why } })
  wake(ctx, deploymentId)
}

const forget = ({ ctx }: Run, { id }: HookExecution): void => ctx.cloud.part(awaitedAnswers).forget(id)
