/** CreateStateMachine, UpdateStateMachine, DescribeStateMachine, DeleteStateMachine, ListStateMachines and what checks a definition. */
import { type Arn, AwsError } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { servicePrincipal } from '../../../kernel/identity.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { definitionOf, readDefinition } from '../engine/read-definition.ts'
import { machineSessions } from '../engine/sessions.ts'
import { executionKind, machineArn, machineKind } from '../kinds.ts'
import { machines, type StateMachine } from '../state.ts'
import { stateTags } from './tags.ts'

export const invalidToken = (): AwsError => new AwsError('InvalidToken', "Invalid Token: 'Invalid token'")

const passRole = (roleArn: Arn): AccessRequest => ({
  action: 'iam:PassRole',
  resource: roleArn,
  context: { 'iam:PassedToService': servicePrincipal('states') },
})

/** AWS: a name has none of these letters. */
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]+$/u

export function checkName(name: string): void {
  if (!NAME.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`)
}

interface Settings {
  readonly loggingConfiguration?: { readonly level?: string }
  readonly tracingConfiguration?: { readonly enabled?: boolean }
  readonly encryptionConfiguration?: { readonly type: string }
  readonly publish?: boolean
}

/** Settings say no more here than what they say by default. */
function checkSettings(input: Settings): void {
  const { loggingConfiguration, tracingConfiguration, encryptionConfiguration, publish } = input
  refuseUnsupported(
    {
      loggingConfiguration: (loggingConfiguration?.level ?? 'OFF') === 'OFF' ? undefined : true,
      tracingConfiguration: tracingConfiguration?.enabled ? true : undefined,
      encryptionConfiguration:
        (encryptionConfiguration?.type ?? 'AWS_OWNED_KEY') === 'AWS_OWNED_KEY' ? undefined : true,
      publish: publish ? true : undefined,
    },
    ['loggingConfiguration', 'tracingConfiguration', 'encryptionConfiguration', 'publish'],
  )
}

/** Errors: AccessDeniedException, in AWS's words. */
async function checkRole(ctx: Context, machine: Arn, roleArn: Arn): Promise<void> {
  await machineSessions(ctx, machine, roleArn)
    .session()
    .catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.status !== 403) throw error
      throw new AwsError(
        'AccessDeniedException',
        'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
        { status: 400 },
      )
    })
}

/** AWS: the same once more gives the machine that is there; anything else under its name is refused. */
export const CreateStateMachine = operation({
  service: 'states',
  name: 'CreateStateMachine',
  access: (input, ctx) => [
    ...machineKind.onNew(ctx, 'CreateStateMachine', machineArn(ctx, input.name), input.tags),
    passRole(input.roleArn),
  ],
  run: async (input, ctx) => {
    checkName(input.name)
    checkSettings(input)
    definitionOf(input.definition)
    const { name, definition, roleArn, type = 'STANDARD' } = input
    const arn = machineArn(ctx, name)
    await checkRole(ctx, arn, roleArn)
    const before = machineKind.lookUp(ctx, arn)
    if (before) {
      const isSame = before.definition === definition && before.roleArn === roleArn && before.type === type
      if (isSame) return { stateMachineArn: arn, creationDate: new Date(before.created) }
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`)
    }
    const created = ctx.cloud.clock.now()
    const tags = machineKind.newTags(stateTags.read(input.tags))
    ctx.table(machines).put(name, { name, arn, type, definition, roleArn, created, tags })
    return { stateMachineArn: arn, creationDate: new Date(created) }
  },
})

/** AWS: executions that run go on as they were. */
export const UpdateStateMachine = operation({
  service: 'states',
  name: 'UpdateStateMachine',
  access: (input, ctx) => [
    machineKind.on(ctx, 'UpdateStateMachine', input.stateMachineArn),
    ...(input.roleArn ? [passRole(input.roleArn)] : []),
  ],
  run: async (input, ctx) => {
    const { stateMachineArn: arn, definition, roleArn } = input
    machineKind.find(ctx, arn)
    checkSettings(input)
    if (definition !== undefined) definitionOf(definition)
    if (roleArn !== undefined) await checkRole(ctx, arn, roleArn)
    const revision = ctx.cloud.ids.uuid()
    machineKind.change(ctx, arn, (now) => ({
      ...now,
      definition: definition ?? now.definition,
      roleArn: roleArn ?? now.roleArn,
      revision,
    }))
    return { updateDate: ctx.cloud.clock.date(), revisionId: revision }
  },
})

export const DescribeStateMachine = operation({
  service: 'states',
  name: 'DescribeStateMachine',
  access: (input, ctx) => [machineKind.on(ctx, 'DescribeStateMachine', input.stateMachineArn)],
  run: (input, ctx) => {
    const machine = machineKind.find(ctx, input.stateMachineArn)
    return {
      ...summaryOf(machine),
      status: 'ACTIVE' as const,
      definition: input.includedData === 'METADATA_ONLY' ? '{}' : machine.definition,
      roleArn: machine.roleArn,
      revisionId: machine.revision,
      loggingConfiguration: { level: 'OFF' as const, includeExecutionData: false },
      tracingConfiguration: { enabled: false },
      encryptionConfiguration: { type: 'AWS_OWNED_KEY' as const },
    } as never
  },
})

const summaryOf = ({ arn, name, type, created }: StateMachine) => ({
  stateMachineArn: arn,
  name,
  type,
  creationDate: new Date(created),
})

/** AWS: deleting what is not there succeeds; executions that run go on. */
export const DeleteStateMachine = operation({
  service: 'states',
  name: 'DeleteStateMachine',
  access: (input, ctx) => [machineKind.on(ctx, 'DeleteStateMachine', input.stateMachineArn)],
  run: ({ stateMachineArn }, ctx) => {
    const found = machineKind.lookUp(ctx, stateMachineArn)
    if (found) ctx.table(machines).delete(found.name)
    return {}
  },
})

export const ListStateMachines = operation({
  service: 'states',
  name: 'ListStateMachines',
  access: () => [{ action: 'states:ListStateMachines', resource: '*' }],
  run: ({ maxResults, nextToken: token }, ctx) => {
    const all = ctx
      .table(machines)
      .values()
      .sort((one, other) => (one.name < other.name ? -1 : 1))
    const page = paginate(all, { token, limit: maxResults || 100, query: '', error: invalidToken })
    return { stateMachines: page.items.map(summaryOf), nextToken: page.nextToken }
  },
})

export const DescribeStateMachineForExecution = operation({
  service: 'states',
  name: 'DescribeStateMachineForExecution',
  access: (input, ctx) => [executionKind.on(ctx, 'DescribeStateMachineForExecution', input.executionArn)],
  run: (input, ctx) => {
    const { machine, definition, roleArn, revision, started } = executionKind.find(ctx, input.executionArn)
    return {
      stateMachineArn: machine,
      name: machine.slice(machine.lastIndexOf(':') + 1),
      definition,
      roleArn,
      revisionId: revision,
      updateDate: new Date(machineKind.lookUp(ctx, machine)?.created ?? started),
    } as never
  },
})

export const ValidateStateMachineDefinition = operation({
  service: 'states',
  name: 'ValidateStateMachineDefinition',
  access: () => [{ action: 'states:ValidateStateMachineDefinition', resource: '*' }],
  run: ({ definition, maxResults = 0 }, _ctx) => {
    const { diagnostics } = readDefinition(definition)
    const shown = diagnostics.slice(0, maxResults || 100)
    return {
      result: diagnostics.length ? ('FAIL' as const) : ('OK' as const),
      diagnostics: shown.map((one) => ({ ...one, severity: 'ERROR' as const })),
      truncated: shown.length < diagnostics.length,
    }
  },
})
