/** An execution of a Step Functions state machine. */
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'

export const stepFunctions: ActionProvider = {
  type: awsAction('Invoke', 'StepFunctions'),
  inputs: between(0, 1),
  outputs: between(0, 1),
  configuration: {
    StateMachineArn: { required: true, names: 'stateMachine' },
    ExecutionNamePrefix: {},
    InputType: { values: ['Literal', 'FilePath'] },
    Input: {},
  },
  variables: ['StateMachineArn', 'ExecutionArn'],
  check: ({ configuration = {}, inputArtifacts = [] }) =>
    configuration.InputType === 'FilePath' && (!configuration.Input || !inputArtifacts.length)
      ? ['InputType FilePath needs Input and an input artifact']
      : [],
  // AWS: an execution's name begins with ExecutionNamePrefix ("AWS Step Functions action reference"); CDK grants as much.
  needs: ({ action, role, value, reads, writes }) => {
    const machine = value('StateMachineArn')
    const because = 'to run the state machine'
    const prefix = value('ExecutionNamePrefix')
    const executions = `${machine.replace(':stateMachine:', ':execution:')}:${prefix}*`
    return [
      ...needAll(role, ['states:StartExecution', 'states:DescribeStateMachine'], machine, because),
      ...needAll(role, ['states:DescribeExecution'], executions, because),
      ...(action.inputArtifacts ?? []).flatMap((one) =>
        reads(role, one.name, `to read the artifact ${one.name}`),
      ),
      ...(action.outputArtifacts ?? []).flatMap((one) =>
        writes(role, one.name, `to store the artifact ${one.name}`, { acl: 'across accounts' }),
      ),
    ]
  },
}
