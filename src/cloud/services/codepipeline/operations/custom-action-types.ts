/** CreateCustomActionType and DeleteCustomActionType: action types whose work an account's own job workers do. */
import { type ActionTypeId, AwsError } from '../../../../model/index.ts'
import { between } from '../../../../pipeline/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { describeType } from '../engine/describe-type.ts'
import { typeKey } from '../engine/type-key.ts'
import { actionTypeKind } from '../kinds.ts'
import { actionTypes, type StoredActionType } from '../state.ts'
import { pipelineTags } from './tags.ts'

/** AWS: "Create a custom action in CodePipeline" names build, deploy, test and invoke; sources were made of it as well. */
const CATEGORIES = ['Source', 'Build', 'Deploy', 'Test', 'Invoke']
/** AWS: "Quotas in AWS CodePipeline", custom actions for each region. */
const LIMIT = 50

const custom = ({ category, provider, version }: Omit<ActionTypeId, 'owner'>): ActionTypeId => ({
  category,
  owner: 'Custom',
  provider,
  version,
})

type CreateInput = Input<'codepipeline', 'CreateCustomActionType'>

export const CreateCustomActionType = operation({
  service: 'codepipeline',
  name: 'CreateCustomActionType',
  access: (input, ctx) => actionTypeKind.onNew(ctx, 'CreateCustomActionType', custom(input), input.tags),
  run: (input, ctx) => {
    check(input)
    const type = custom(input)
    const table = ctx.table(actionTypes)
    refuseTaken(ctx, type)
    if (table.values().filter(({ deleted, partner }) => !deleted && !partner).length >= LIMIT)
      throw new AwsError(
        'LimitExceededException',
        `The account has ${LIMIT} custom action types in the region`,
      )
    const tags = actionTypeKind.newTags(pipelineTags.read(input.tags))
    const { minimumCount: least, maximumCount: most } = input.inputArtifactDetails
    const made: StoredActionType = {
      type,
      arn: actionTypeKind.on(ctx, '', type).resource,
      settings: input.settings ?? {},
      properties: (input.configurationProperties ?? []).map(
        ({ queryable = false, type: valueType, ...one }) => ({ ...one, queryable, valueType }),
      ),
      inputs: between(least, most),
      outputs: between(input.outputArtifactDetails.minimumCount, input.outputArtifactDetails.maximumCount),
      tags,
    }
    table.put(typeKey(type), made)
    return { actionType: describeType(made) as never, tags: pipelineTags.write(tags) }
  },
})

/** AWS: a version that was deleted can never be made again. */
function refuseTaken(ctx: Context, type: ActionTypeId): void {
  const before = ctx.table(actionTypes).get(typeKey(type))
  if (!before) return
  const name = `${type.category}/${type.provider}`
  throw new AwsError(
    'ValidationException',
    before.deleted
      ? `The version ${type.version} of the action type ${name} was deleted; take a version that was never used`
      : `The action type ${name} already exists in the version ${type.version}`,
  )
}

function check({ category, configurationProperties = [], ...input }: CreateInput): void {
  const refuse = (problem: string) => {
    throw new AwsError('ValidationException', problem)
  }
  if (!CATEGORIES.includes(category)) refuse(`Custom action types are of ${CATEGORIES.join(', ')}`)
  for (const { minimumCount, maximumCount } of [input.inputArtifactDetails, input.outputArtifactDetails])
    if (minimumCount > maximumCount) refuse('minimumCount must not be larger than maximumCount')
  const names = configurationProperties.map(({ name }) => name)
  const again = names.find((name, index) => names.indexOf(name) !== index)
  if (again !== undefined) refuse(`The configuration property ${again} is given twice`)
  const queryable = configurationProperties.filter((one) => one.queryable)
  if (queryable.length > 1) refuse('At most one configuration property can be queryable')
  // AWS: "If you create a pipeline with a custom action type ... queryable": it has to be required and no secret.
  for (const { name, required, secret } of queryable)
    if (!required || secret) refuse(`The queryable property ${name} must be required and not secret`)
}

/** AWS: deleting what is not there succeeds; jobs of the type cannot be polled for any more. */
export const DeleteCustomActionType = operation({
  service: 'codepipeline',
  name: 'DeleteCustomActionType',
  access: (input, ctx) => [actionTypeKind.on(ctx, 'DeleteCustomActionType', custom(input))],
  run: (input, ctx) => {
    const key = typeKey(custom(input))
    const found = ctx.table(actionTypes).get(key)
    if (found) ctx.table(actionTypes).put(key, { ...found, deleted: true })
    return {}
  },
})
