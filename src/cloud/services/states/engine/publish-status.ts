/** What EventBridge is told of an execution. */
import type { Context } from '../../../kernel/context.ts'
import type { Execution } from '../state.ts'

/** AWS: "Step Functions Execution Status Change", for standard executions alone. */
export function publishStatus(ctx: Context, execution: Execution): void {
  const { arn, machine, name, status, started, stopped, input, output, error, cause } = execution
  ctx.publish({
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn: machine,
      name,
      status,
      startDate: started,
      stopDate: stopped ?? null,
      input,
      inputDetails: { included: true },
      output: output ?? null,
      outputDetails: output === undefined ? null : { included: true },
      error: error ?? null,
      cause: cause ?? null,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus: status === 'RUNNING' || status === 'SUCCEEDED' ? 'NOT_REDRIVABLE' : 'REDRIVABLE',
      redriveStatusReason: null,
    },
  })
}
