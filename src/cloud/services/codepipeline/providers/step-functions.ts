/** An execution of a Step Functions state machine, which the action starts, and waits for where it is a standard one. */
import { executionEnded } from '../../../kernel/service-events.ts'
import { pack } from '../../../machine/archive.ts'
import { Artifacts } from '../stack-actions/artifact-files.ts'
import { watch } from '../stack-actions/watch-stack.ts'
import { ActionFailure, type ActionJob, type Outcome, type Runner } from './runner.ts'

/** Milliseconds. AWS: 7 days ("AWS Step Functions invoke action reference"). */
const TIMEOUT = 7 * 24 * 60 * 60_000

export const stepFunctions: Runner = {
  id: 'Invoke/StepFunctions',
  run: async (job) => {
    job.expire(job.started + TIMEOUT, 'The state machine execution did not end in time')
    const { StateMachineArn: stateMachineArn = '' } = job.configuration
    const { type } = await job.call('states', 'DescribeStateMachine', { stateMachineArn })
    if (type === 'EXPRESS' && job.outputs.length)
      throw new ActionFailure('Express state machines have no output artifact', {
        code: 'ConfigurationError',
      })
    const { executionArn = '' } = await job.call('states', 'StartExecution', {
      stateMachineArn,
      name: nameOf(job),
      input: await inputOf(job),
    })
    const external = externalOf(job, executionArn)
    job.show(external)
    // AWS: an express execution is not waited for, and its ARN is no variable.
    if (type === 'EXPRESS') return { variables: { StateMachineArn: stateMachineArn }, external }
    return ended(job, executionArn)
  },
}

/** AWS: the action execution's id, behind the prefix and a hyphen where there is one. */
const nameOf = ({ configuration: { ExecutionNamePrefix: prefix }, actionRunId }: ActionJob): string =>
  prefix ? `${prefix}-${actionRunId}` : actionRunId

async function inputOf(job: ActionJob): Promise<string> {
  const { InputType = 'Literal', Input } = job.configuration
  if (InputType !== 'FilePath') return Input || '{}'
  const [artifact] = job.inputs
  return (await new Artifacts(job).file(`${artifact?.name ?? ''}::${Input ?? ''}`)).toString()
}

async function ended(job: ActionJob, executionArn: string): Promise<Outcome> {
  const execution = await watch(
    job,
    executionEnded,
    ({ execution: arn }) => arn === executionArn,
    () => job.call('states', 'DescribeExecution', { executionArn }),
    (seen) => (seen.status === 'RUNNING' ? undefined : seen),
  )
  const { status, output = '', error, cause, stateMachineArn = '' } = execution
  const external = externalOf(job, executionArn)
  if (status !== 'SUCCEEDED')
    throw new ActionFailure(
      [`The state machine execution ${status}`, error, cause].filter(Boolean).join(': '),
      {
        external,
      },
    )
  const [artifact] = job.outputs
  // AWS: the artifact has what the execution gave; nobody says what the file in it is called.
  if (artifact) await job.write(artifact, await pack([{ name: 'output.json', content: Buffer.from(output) }]))
  return { variables: { StateMachineArn: stateMachineArn, ExecutionArn: executionArn }, external }
}

const externalOf = ({ region }: ActionJob, id: string) => ({
  id,
  url: `https://console.aws.amazon.com/states/home?region=${region}#/executions/details/${id}`,
})
