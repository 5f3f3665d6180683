/**
 * Resources that stand already and that a stack takes over: those that ResourcesToImport names, or with
 * ImportExistingResources every one whose name the template gives.
 * AWS: UserGuide/import-resources-automatically.html, import-resources-manually.html
 */
import { entryOf, type Template, type TemplateResource } from '../../../../model/index.ts'
import { readTemplate, resourceSpec } from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { ReadContext } from '../../../kernel/resource-type.ts'
import { validationError } from '../engine/validation-error.ts'
import { type ChangeSet, type ResourceChange, resourcesOf, stacks } from '../state.ts'

type Identifier = Readonly<Record<string, string>>

/**
 * Gives the changes with imports in the place of additions. `ctx` is that in which the stack's role looks at resources.
 * Errors: ValidationError for what cannot be imported.
 */
export async function withImports(
  ctx: Context,
  set: ChangeSet,
  changes: readonly ResourceChange[],
): Promise<readonly ResourceChange[]> {
  const { Resources } = readTemplate(set.template, set.parameters, ctx)
  if (set.toImport) return importedByName(ctx, set.toImport, Resources, changes)
  const found = await Promise.all(changes.map((change) => existing(ctx, change, Resources)))
  const unsafe = found.flatMap((one) =>
    one && !/^Retain/.test(Resources[one.change.logicalId]!.DeletionPolicy ?? '')
      ? [`${one.change.logicalId} ({${pairsOf(one.identifier)}})`]
      : [],
  )
  // AWS: the sentence as https://github.com/aws/aws-cdk-cli/pull/1367 quotes it.
  if (unsafe.length > 0)
    throw validationError(
      `CloudFormation is attempting to import some resources because they already exist in your account. The resources must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate' in the template for successful import. The affected resources are ${unsafe.join(', ')}`,
    )
  return changes.map((change, index) => found[index]?.change ?? change)
}

const pairsOf = (identifier: Identifier): string =>
  Object.entries(identifier)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')

/** AWS: only what has a name of its own, written out in the template. */
async function existing(
  ctx: Context,
  change: ResourceChange,
  resources: Template['Resources'],
): Promise<{ readonly change: ResourceChange; readonly identifier: Identifier } | undefined> {
  const identifier = change.action === 'Add' ? writtenIdentifier(resources[change.logicalId]!) : undefined
  if (!identifier) return undefined
  const physicalId = Object.values(identifier).join('|')
  if (holderOf(ctx, change.type, physicalId)) return undefined
  const read = ctx.cloud.resourceType(change.type)?.read
  if (!read || !(await read(physicalId, readContext(ctx)))) return undefined
  return { change: imported(change, physicalId), identifier }
}

function writtenIdentifier({ Type, Properties }: TemplateResource): Identifier | undefined {
  const names = resourceSpec(Type)?.identifier ?? []
  const pairs = names.map((name) => [name, entryOf(Properties, name)] as const)
  const isWritten = pairs.every(([, value]) => typeof value === 'string' && !value.includes('{{resolve:'))
  return pairs.length > 0 && isWritten ? (Object.fromEntries(pairs) as Identifier) : undefined
}

const readContext = (ctx: Context): ReadContext => ({
  account: ctx.account,
  region: ctx.region,
  call: (service, operation, input) => ctx.call(service, operation, input),
})

const imported = (change: ResourceChange, physicalId: string): ResourceChange => ({
  ...change,
  action: 'Import',
  physicalId,
})

/** Gives the name of the stack that a resource belongs to. */
function holderOf(ctx: Context, type: string, physicalId: string): string | undefined {
  const live = ctx
    .table(stacks)
    .values()
    .filter(({ status }) => status !== 'DELETE_COMPLETE')
  return live.find(({ id }) =>
    ctx
      .table(resourcesOf(id))
      .values()
      .some((one) => one.type === type && one.physical?.id === physicalId && !/^DELETE_/.test(one.status)),
  )?.name
}

/** AWS: an import makes, changes and deletes nothing else. */
async function importedByName(
  ctx: Context,
  toImport: NonNullable<ChangeSet['toImport']>,
  resources: Template['Resources'],
  changes: readonly ResourceChange[],
): Promise<ResourceChange[]> {
  const named = new Map(toImport.map((one) => [one.logicalId, one]))
  const others = changes.filter((one) => one.action !== 'Add').map((one) => one.logicalId)
  if (others.length > 0)
    throw validationError(
      `You have modified resources [${others.join(', ')}] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.`,
    )
  const missing = changes.filter((one) => !named.has(one.logicalId)).map((one) => one.logicalId)
  if (missing.length > 0)
    throw validationError(`Resources [${missing.join(', ')}] is missing from ResourceToImport list`)
  const bare = toImport.filter(({ logicalId }) => entryOf(resources, logicalId)?.DeletionPolicy === undefined)
  if (bare.length > 0)
    throw validationError(
      `The following resources to import [${bare.map((one) => one.logicalId).join(', ')}] must have DeletionPolicy attribute specified in the template.`,
    )
  return Promise.all(
    changes.map(async (change) => {
      const physicalId = Object.values(named.get(change.logicalId)!.identifier).join('|')
      const holder = holderOf(ctx, change.type, physicalId)
      if (holder)
        throw validationError(`Resource ${physicalId} of type ${change.type} belongs to the stack ${holder}`)
      const read = ctx.cloud.resourceType(change.type)?.read
      if (!read) throw validationError(`ResourceTypes [${change.type}] are not supported for Import`)
      if (!(await read(physicalId, readContext(ctx))))
        throw validationError(`Resource ${physicalId} of type ${change.type} does not exist`)
      return imported(change, physicalId)
    }),
  )
}
