/** StartExecution, StartSyncExecution, DescribeExecution, StopExecution, ListExecutions and GetExecutionHistory. */
import { AwsError, formatArn, parseArn, readJson } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { definitionOf, refuseUnrunnable } from '../engine/read-definition.ts'
import { beginExecution, endExecution, runAtOnce } from '../engine/run-execution.ts'
import { forMachine } from '../engine/sessions.ts'
import { executionKind, machineKind } from '../kinds.ts'
import { byMachine, type Execution, executions, historyOf, type StateMachine } from '../state.ts'
import { checkName, invalidToken } from './state-machines.ts'

/** Errors: InvalidExecutionInput; UnsupportedParameter for what the embedded cloud does not run. */
function newExecution(
  ctx: Context,
  machine: StateMachine,
  { name = ctx.cloud.ids.uuid(), input = '{}' }: { name?: string; input?: string },
): Execution {
  checkName(name)
  try {
    readJson(input)
  } catch (error) {
    throw new AwsError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: '${(error as Error).message}'`,
    )
  }
  refuseUnrunnable(definitionOf(machine.definition))
  const { account, region } = parseArn(machine.arn)!
  const path =
    machine.type === 'EXPRESS'
      ? `express:${machine.name}:${name}:${ctx.cloud.ids.uuid()}`
      : `execution:${machine.name}:${name}`
  return {
    arn: formatArn('states', region, account, path),
    name,
    machine: machine.arn,
    definition: machine.definition,
    roleArn: machine.roleArn,
    status: 'RUNNING',
    started: ctx.cloud.clock.now(),
    input,
    revision: machine.revision,
  }
}

/**
 * AWS: the same name with the same input gives the execution that runs; another input, or one that has ended, is refused.
 * Express executions have no names that could be taken, and are kept nowhere.
 */
export const StartExecution = operation({
  service: 'states',
  name: 'StartExecution',
  access: (input, ctx) => [machineKind.on(ctx, 'StartExecution', input.stateMachineArn)],
  run: (input, ctx) => {
    const machine = machineKind.find(ctx, input.stateMachineArn)
    const execution = newExecution(ctx, machine, input)
    const at = { executionArn: execution.arn, startDate: new Date(execution.started) }
    const own = inMachine(ctx, machine)
    if (machine.type === 'EXPRESS') {
      own.spawn(`states ${execution.name}`, async (task) => {
        await runAtOnce(task, execution)
      })
      return at
    }
    const before = own.table(executions).get(execution.arn)
    if (before?.status === 'RUNNING' && before.input === execution.input)
      return { ...at, startDate: new Date(before.started) }
    if (before) throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${execution.arn}'`)
    beginExecution(own, execution)
    return at
  },
})

/** The context of the machine's own account and region. */
function inMachine(ctx: Context, { arn }: StateMachine): Context {
  const { account, region } = parseArn(arn)!
  return ctx.as(forMachine(ctx, arn), { account, region })
}

export const StartSyncExecution = operation({
  service: 'states',
  name: 'StartSyncExecution',
  access: (input, ctx) => [machineKind.on(ctx, 'StartSyncExecution', input.stateMachineArn)],
  run: async (input, ctx) => {
    const machine = machineKind.find(ctx, input.stateMachineArn)
    if (machine.type !== 'EXPRESS')
      throw new AwsError(
        'StateMachineTypeNotSupported',
        'This operation is not supported by this type of state machine',
      )
    const execution = newExecution(ctx, machine, input)
    const done = await runAtOnce(inMachine(ctx, machine), execution)
    const result =
      done.status === 'SUCCEEDED'
        ? { status: done.status, output: JSON.stringify(done.output), outputDetails: { included: true } }
        : {
            status: done.error === 'States.Timeout' ? ('TIMED_OUT' as const) : done.status,
            error: done.error,
            cause: done.cause,
          }
    return {
      executionArn: execution.arn,
      stateMachineArn: machine.arn,
      name: execution.name,
      startDate: new Date(execution.started),
      stopDate: new Date(done.stopped),
      input: execution.input,
      inputDetails: { included: true },
      ...result,
    }
  },
})

export const DescribeExecution = operation({
  service: 'states',
  name: 'DescribeExecution',
  access: (input, ctx) => [executionKind.on(ctx, 'DescribeExecution', input.executionArn)],
  run: (input, ctx) => {
    const execution = executionKind.find(ctx, input.executionArn)
    const hasData = input.includedData !== 'METADATA_ONLY'
    return {
      ...summaryOf(execution),
      input: hasData ? execution.input : undefined,
      inputDetails: { included: hasData },
      output: hasData ? execution.output : undefined,
      outputDetails: execution.output === undefined ? undefined : { included: hasData },
      error: execution.error,
      cause: execution.cause,
    }
  },
})

const summaryOf = ({ arn, machine, name, status, started, stopped }: Execution) => ({
  executionArn: arn,
  stateMachineArn: machine,
  name,
  status,
  startDate: new Date(started),
  stopDate: stopped === undefined ? undefined : new Date(stopped),
  redriveCount: 0,
  redriveStatus:
    status === 'RUNNING' || status === 'SUCCEEDED' ? ('NOT_REDRIVABLE' as const) : ('REDRIVABLE' as const),
})

/** AWS: stopping one that has ended changes nothing. */
export const StopExecution = operation({
  service: 'states',
  name: 'StopExecution',
  access: (input, ctx) => [executionKind.on(ctx, 'StopExecution', input.executionArn)],
  run: ({ executionArn: arn, error, cause }, ctx) => {
    const { machine } = executionKind.find(ctx, arn)
    const { account, region } = parseArn(arn)!
    endExecution(ctx.as(forMachine(ctx, machine), { account, region }), arn, 'ABORTED', { error, cause })
    return { stopDate: new Date(executionKind.find(ctx, arn).stopped ?? ctx.cloud.clock.now()) }
  },
})

/** AWS: newest first; express executions are not listed. */
export const ListExecutions = operation({
  service: 'states',
  name: 'ListExecutions',
  access: (input, ctx) => [machineKind.on(ctx, 'ListExecutions', input.stateMachineArn ?? '')],
  run: (input, ctx) => {
    refuseUnsupported(input, ['mapRunArn', 'redriveFilter'])
    const { stateMachineArn: arn = '', statusFilter, maxResults, nextToken: token } = input
    const machine = machineKind.find(ctx, arn)
    if (machine.type === 'EXPRESS')
      throw new AwsError(
        'StateMachineTypeNotSupported',
        'This operation is not supported by this type of state machine',
      )
    const all = inMachine(ctx, machine)
      .table(executions)
      .where(byMachine, arn)
      .filter(({ status }) => !statusFilter || status === statusFilter)
      .sort((one, other) => other.started - one.started)
    const query = [arn, statusFilter]
    const page = paginate(all, { token, limit: maxResults || 100, query, error: invalidToken })
    return { executions: page.items.map(listed), nextToken: page.nextToken }
  },
})

function listed(execution: Execution) {
  const { redriveStatus: _, ...shown } = summaryOf(execution)
  return shown
}

export const GetExecutionHistory = operation({
  service: 'states',
  name: 'GetExecutionHistory',
  access: (input, ctx) => [executionKind.on(ctx, 'GetExecutionHistory', input.executionArn)],
  run: (input, ctx) => {
    const { executionArn: arn, maxResults, nextToken: token, reverseOrder = false } = input
    executionKind.find(ctx, arn)
    const { account, region } = parseArn(arn)!
    const all = ctx
      .table(historyOf(arn), account, region)
      .entries()
      .map(([number, event]) => ({ id: Number(number), event }))
      .sort((one, other) => (reverseOrder ? other.id - one.id : one.id - other.id))
    const page = paginate(all, {
      token,
      limit: maxResults || 100,
      query: [arn, reverseOrder],
      error: invalidToken,
    })
    const events = page.items.map(({ id, event: { timestamp, type, details } }) => ({
      id,
      previousEventId: id - 1,
      timestamp: new Date(timestamp),
      type,
      ...details,
    }))
    return { events: events as never, nextToken: page.nextToken }
  },
})
