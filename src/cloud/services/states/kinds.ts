/** The kind of resource that Step Functions keeps. AWS: executions have ARNs of their own, and no tags. */
import { type Arn, AwsError, formatArn, parseArn } from '../../../model/index.ts'
import type { Context } from '../../kernel/context.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import { type Execution, executions, machines, type StateMachine } from './state.ts'

export const machineArn = ({ region, account }: Context, name: string): Arn =>
  formatArn('states', region, account, `stateMachine:${name}`)

/** Errors: InvalidArn for what is none of Step Functions. */
function partsOf(arn: Arn, kind: string) {
  const parts = parseArn(arn)
  if (parts?.service === 'states' && parts.resource.startsWith(`${kind}:`)) return parts
  throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`)
}

/** A state machine, named by its ARN. */
export const machineKind = resourceKind({
  service: 'states',
  table: machines,
  key: ({ name }) => name,
  found: (ctx, arn: Arn) => {
    const { account, region, resource } = partsOf(arn, 'stateMachine')
    const name = resource.slice('stateMachine:'.length)
    return { record: ctx.table(machines, account, region).get(name), arn, account, region }
  },
  absent: ({ arn }) => new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`),
  policy: 'none',
  tags: tagsInRecord<StateMachine>({
    join: joinTags((problem) => new AwsError('ValidationException', problem)),
    creation: 'TagResource',
  }),
})

/** An execution, named by its ARN. */
export const executionKind = resourceKind({
  service: 'states',
  table: executions,
  key: ({ arn }) => arn,
  found: (ctx, arn: Arn) => {
    const { account, region } = partsOf(arn, 'execution')
    const record: Execution | undefined = ctx.table(executions, account, region).get(arn)
    return { record, arn, account, region }
  },
  absent: ({ arn }) => new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`),
  policy: 'none',
  tags: 'none',
})

export const kinds = [machineKind, executionKind]
