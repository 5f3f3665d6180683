/** What the operations that make and change stacks have in common. */

import { AwsError, readJson, setEntry, type Template } from '../../../../model/index.ts'
import {
  type BoundParameter,
  bindParameters,
  checkPresence,
  checkRules,
  declaredTransforms,
  type GivenParameter,
  parameterValues,
  parseTemplate,
  type RuleScope,
  readProcessed,
  requireCapabilities,
  TemplateFault,
} from '../../../../template/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { servicePrincipal } from '../../../kernel/identity.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { stackKind } from '../kinds.ts'
import type { StackVersion } from '../state.ts'
import { readObject, readTemplateSource, type TemplateSource } from './read-template-source.ts'
import { fetchStored } from './stored-parameters.ts'
import { validationError } from './validation-error.ts'

/** The members of CreateStack, UpdateStack and CreateChangeSet that a version is made from. */
export interface VersionInput extends TemplateSource {
  readonly StackName: string
  readonly Parameters?: readonly GivenParameter[]
  readonly Capabilities?: readonly string[]
  readonly ResourceTypes?: readonly string[]
  readonly Tags?: readonly { Key?: string; Value?: string }[]
  readonly RoleARN?: string
  readonly RollbackConfiguration?: { RollbackTriggers?: readonly unknown[]; MonitoringTimeInMinutes?: number }
  readonly StackPolicyBody?: string
  readonly StackPolicyURL?: string
  readonly DeploymentConfig?: { readonly Mode?: string }
}

/** AWS: the condition keys of CloudFormation, and iam:PassRole for the role that is handed over. */
export function versionAccess(
  action: string,
  input: VersionInput & { ChangeSetName?: string },
  ctx: Context,
): AccessRequest[] {
  const context: Record<string, string | string[]> = {}
  if (input.RoleARN) context['cloudformation:RoleArn'] = input.RoleARN
  if (input.TemplateURL) context['cloudformation:TemplateUrl'] = input.TemplateURL
  if (input.StackPolicyURL) context['cloudformation:StackPolicyUrl'] = input.StackPolicyURL
  if (input.ChangeSetName) context['cloudformation:ChangeSetName'] = input.ChangeSetName
  if (input.ResourceTypes) context['cloudformation:ResourceTypes'] = [...input.ResourceTypes]
  return [stackKind.on(ctx, action, input.StackName, context), ...passRole(input.RoleARN, ctx)]
}

/** What a caller must be allowed to have CloudFormation use a role. Errors: ValidationError for another account's role. */
export function passRole(roleArn: string | undefined, ctx: Context): AccessRequest[] {
  if (!roleArn) return []
  const account = roleArn.split(':')[4] ?? ''
  if (account !== ctx.account) throw validationError('Cross-account pass role is not allowed.')
  const context = { 'iam:PassedToService': servicePrincipal('cloudformation') }
  return [{ action: 'iam:PassRole', resource: roleArn, resourceAccount: account, context }]
}

/** Refuses the members that the embedded cloud does not act on. */
export function refuseUnsupportedMembers(input: VersionInput): void {
  const { RollbackConfiguration: rollback } = input
  if (rollback?.RollbackTriggers?.length || rollback?.MonitoringTimeInMinutes)
    refuseUnsupported(input, ['RollbackConfiguration'])
  refuseExpress(input)
}

/** AWS: STANDARD, which waits until resources are stable, is what holds where nothing is said. */
export function refuseExpress(input: { readonly DeploymentConfig?: { readonly Mode?: string } }): void {
  if ((input.DeploymentConfig?.Mode ?? 'STANDARD') !== 'STANDARD')
    refuseUnsupported(input, ['DeploymentConfig'])
}

/** What a version is made from where the request does not say. */
export type Previous = Pick<StackVersion, 'template'> & Partial<StackVersion>

/**
 * Gives the version of a stack that a request asks for: its template checked, its parameters bound, its capabilities
 * acknowledged. Errors: ValidationError, InsufficientCapabilitiesException.
 */
export async function versionFrom(
  input: VersionInput,
  ctx: Context,
  previous: Previous | undefined,
  options: { changeSet: boolean },
): Promise<StackVersion> {
  const text = await readTemplateSource(input, ctx, previous?.template)
  const declared = (parseTemplate(text).Parameters ?? {}) as object
  const transformed = declaredTransforms(parseTemplate(text)).length > 0 && Object.keys(declared).length > 0
  // Transforms hang on parameters: these are bound against the declarations alone before they are carried out.
  const bind = async (template: Template): Promise<BoundParameter[]> => {
    const bound = await bindParameters(template, input.Parameters ?? [], previous?.parameters ?? [])
    return fetchStored(bound, template, ctx)
  }
  const parameters = transformed ? await bind(parseTemplate(text) as unknown as Template) : []
  const read = readProcessed(text, parameters, ctx)
  const { template } = read
  requireCapabilities(read, input.Capabilities ?? [], { transforms: !options.changeSet })
  requireResourceTypes(
    Object.values(template.Resources).map((one) => one.Type),
    input.ResourceTypes,
  )
  const bound = transformed ? parameters : await bind(template)
  const scope: RuleScope = {
    place: input.StackName,
    region: ctx.region,
    values: new Map([
      ['AWS::Region', ctx.region],
      ['AWS::AccountId', ctx.account],
      ['AWS::Partition', 'aws'],
      ...parameterValues(template, bound),
    ]),
    mappings: template.Mappings ?? {},
  }
  checkRules(template, scope)
  checkPresence(template, scope)
  return {
    template: text,
    parameters: bound,
    tags: input.Tags ? tagsFrom(input.Tags) : (previous?.tags ?? {}),
    capabilities: input.Capabilities ?? [],
    outputs: previous?.outputs ?? [],
    imports: previous?.imports ?? [],
    description: template.Description,
  }
}

/**
 * Gives the version of a request that `versionFrom` refused, where AWS takes it nevertheless: transforms are carried out
 * after that, and what is wrong with what they make fails the stack or the change set. A stack's events say so as recorded
 * in LocalStack's test_template_engine.snapshot.json (test_failed_state), change sets as `sam deploy` shows their reasons,
 * capabilities among them. Errors: `failure`, where it is told at once.
 */
export async function versionToFail(
  failure: unknown,
  input: VersionInput,
  ctx: Context,
  previous: Previous | undefined,
  options: { changeSet: boolean },
): Promise<StackVersion> {
  if (!(failure instanceof AwsError)) throw failure
  const text = await readTemplateSource(input, ctx, previous?.template)
  const written = parseTemplate(text)
  const transforms = declaredTransforms(written)
  if (transforms.length === 0) throw failure
  const template = written as unknown as Template
  const parameters = await bindParameters(template, input.Parameters ?? [], previous?.parameters ?? [])
  const version: StackVersion = {
    template: text,
    parameters: await fetchStored(parameters, template, ctx),
    tags: input.Tags ? tagsFrom(input.Tags) : (previous?.tags ?? {}),
    capabilities: input.Capabilities ?? [],
    outputs: previous?.outputs ?? [],
    imports: previous?.imports ?? [],
  }
  const fault = faultOf(version, ctx)
  const lacks = failure.code === 'InsufficientCapabilitiesException' && options.changeSet
  const isToldAtOnce = fault ? fault.by === 'crossdock' || fault.path?.[0] === 'Transform' : !lacks
  if (isToldAtOnce) throw failure
  requireCapabilities({ template: { Resources: {} }, transforms }, version.capabilities, {
    transforms: !options.changeSet,
  })
  return version
}

/** What is wrong with what the transforms of a version make. */
function faultOf({ template, parameters }: StackVersion, ctx: Context): TemplateFault | undefined {
  try {
    readProcessed(template, parameters, ctx)
    return undefined
  } catch (cause) {
    if (cause instanceof TemplateFault) return cause
    throw cause
  }
}

function tagsFrom(given: NonNullable<VersionInput['Tags']>): Record<string, string> {
  const tags: Record<string, string> = {}
  for (const { Key: key = '', Value: value = '' } of given) {
    if (key.toLowerCase().startsWith('aws:'))
      throw validationError(`Tag keys starting with 'aws:' are reserved and may not be used.`)
    if (Object.hasOwn(tags, key)) throw validationError(`Duplicate tag key ${key}.`)
    setEntry(tags, key, value)
  }
  if (given.length > 50) throw validationError('The number of tags must not exceed 50.')
  return tags
}

/** AWS: `AWS::S3::*` and `AWS::*` cover what begins like them. */
function requireResourceTypes(used: readonly string[], allowed: readonly string[] | undefined): void {
  if (!allowed) return
  const covers = (pattern: string, type: string) =>
    pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type
  const refused = [...new Set(used.filter((type) => !allowed.some((pattern) => covers(pattern, type))))]
  if (refused.length > 0)
    throw validationError(
      `Resource types [${refused.join(', ')}] are not in the list of allowed resource types.`,
    )
}

/** Gives the stack policy a request brings, checked to be JSON. */
export async function policyFrom(
  input: { StackPolicyBody?: string; StackPolicyURL?: string },
  ctx: Context,
): Promise<string | undefined> {
  const text =
    input.StackPolicyBody ?? (input.StackPolicyURL && (await readObject(input.StackPolicyURL, ctx)))
  if (text === undefined || text === '') return undefined
  try {
    const { Statement: statements } = readJson(text) as { Statement?: unknown }
    if (Array.isArray(statements)) return text
  } catch {}
  throw validationError('Error validating stack policy: Invalid stack policy')
}

export const alreadyExists = (name: string): AwsError =>
  new AwsError('AlreadyExistsException', `Stack [${name}] already exists`, { status: 400 })
