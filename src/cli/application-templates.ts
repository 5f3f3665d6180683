/** The option `--application`: templates of the stacks that pipelines deploy, which stand in artifacts otherwise. */
import { exportedValues, type FurtherNeeds, type PlacedTemplate, type StandIns } from '../access/index.ts'
import { entryOf, FleetError, type Need, nearest, type Template } from '../model/index.ts'
import type { DeployedStack } from '../pipeline/index.ts'
import { stackNeeds } from '../synth/index.ts'
import { placeOfStack, storedType } from '../template/index.ts'
import { UsageError } from './command.ts'
import { checkValues, suggestion, type TemplateFile, templateFile, valuesOf } from './named-file.ts'
import { refuseRegion } from './placed-templates.ts'
import { type ConfigurationFile, templateConfiguration } from './template-configuration.ts'

export const APPLICATION_OPTION = {
  flags: '--application <stack...>',
  description:
    'templates of the stacks that the pipelines deploy, to prove what CloudFormation calls for them: ' +
    '<stack>=<file>[,Parameter=value…], or <account>/<region>/<stack>=<file> where the name alone is not enough',
}

/** The template of a deployed stack, with what is known of its parameters. */
export interface StackTemplate {
  readonly stack: DeployedStack
  readonly template: Template
  /** Values beside those that the pipeline's declaration gives. */
  readonly values: Readonly<Record<string, string>>
  /** Whether a parameter without a value may have its default: not when values are in a file that nobody showed. */
  readonly defaults: boolean
  /** Whether the whole stack has tags. */
  readonly tagged: boolean
  /** Names of the transforms that were carried out. */
  readonly transforms: readonly string[]
  /** Names of the parameters that the command line gives. */
  readonly given: readonly string[]
  readonly configuration?: ConfigurationFile
  readonly file?: string
  readonly placeOf?: TemplateFile['placeOf']
}

interface Given {
  readonly text: string
  readonly name: string
  readonly account?: string
  readonly region?: string
  readonly source: TemplateFile
  readonly values: Readonly<Record<string, string>>
}

/**
 * Gives the templates that the command line names for deployed stacks.
 * Errors: UsageError for a template of a stack that no action deploys, FleetError where a template is wrong.
 */
export function applicationTemplates(
  options: readonly string[],
  stacks: readonly DeployedStack[],
): StackTemplate[] {
  const given = options.map(givenBy)
  const chosen = stacks.map((stack) => ({ stack, one: templateFor(stack, given) }))
  for (const one of given)
    if (!chosen.some((choice) => choice.one === one)) throw new UsageError(unused(one, stacks, given))
  for (const one of given)
    refuseOverridden(
      one,
      chosen.flatMap((choice) => (choice.one === one ? choice.stack : [])),
    )
  return chosen.flatMap(({ stack, one }) => (one ? stackTemplate(stack, one) : []))
}

function givenBy(text: string): Given {
  const [first = '', ...parts] = text.split(',')
  const [, account, region, name, file] = /^(?:(\d{12})\/([^/=]+)\/)?([^/=]+)=(.+)$/.exec(first) ?? []
  if (!name || !file)
    throw new UsageError(
      `--application takes <stack>=<file>[,Parameter=value…] or <account>/<region>/<stack>=<file>, not "${text}"`,
    )
  if (region) refuseRegion(region)
  const values = valuesOf(parts, (part) => {
    throw new UsageError(`"${part}" behind ${file} is no <Parameter>=<value>`)
  })
  const source = templateFile(file, values)
  checkValues(source, values)
  return { text, name, source, values, ...(account && { account, region }) }
}

/** The template that is meant for a stack: one that names its place comes before one that does not. */
function templateFor(stack: DeployedStack, given: readonly Given[]): Given | undefined {
  const fitting = given.filter(
    ({ name, account, region }) =>
      name === stack.name && (!account || (account === stack.account && region === stack.region)),
  )
  const exact = fitting.filter(({ account }) => account)
  const [found, other] = exact.length ? exact : fitting
  if (found && other)
    throw new UsageError(
      `--application ${found.text} and ${other.text} both mean the stack ${stackPlace(stack)}: give one`,
    )
  return found
}

/** How a stack is named on the command line where its name alone is not enough. */
export const stackPlace = ({ account, region, name }: DeployedStack): string => `${account}/${region}/${name}`

function unused(
  { name, account, region }: Given,
  stacks: readonly DeployedStack[],
  given: readonly Given[],
): string {
  const places = [...new Set(stacks.map(stackPlace))]
  if (!places.length) return `--application ${name}: no pipeline has a CloudFormation action`
  const hasName = stacks.some((stack) => stack.name === name)
  if (hasName && !account)
    return `--application ${name}: every stack of that name has a template of its own among ${given.map(({ text }) => text).join(' ')}`
  const meant = account
    ? nearest(`${account}/${region}/${name}`, places)
    : nearest(
        name,
        stacks.map((one) => one.name),
      )
  return `--application ${account ? `${account}/${region}/` : ''}${name}: no action deploys that stack${suggestion(meant)}; there are\n${places.map((one) => `  ${one}`).join('\n')}`
}

/** A value that every action overrides would be ignored. */
function refuseOverridden({ source, values }: Given, stacks: readonly DeployedStack[]): void {
  for (const name of Object.keys(values))
    if (stacks.every(({ parameters }) => entryOf(parameters, name) !== undefined))
      throw new FleetError(
        `the pipeline itself gives ${name} the value "${entryOf(stacks[0]!.parameters, name)}" (ParameterOverrides of ${stacks[0]!.stage} › ${stacks[0]!.action})`,
        {
          location: { file: source.file, ...source.placeOf(['Parameters', name]) },
          fix: `leave ${name} out of --application`,
        },
      )
}

function stackTemplate(stack: DeployedStack, given: Given): StackTemplate {
  const configuration = templateConfiguration(stack, given.source.file)
  const settings = configuration?.state === 'read' ? configuration : undefined
  const values = { ...notOverridden(settings?.parameters ?? {}, stack), ...given.values }
  const { source } = given
  return {
    stack,
    template: source.template,
    values,
    defaults: !stack.settings || settings !== undefined,
    tagged: settings?.tagged ?? false,
    transforms: source.transforms,
    given: Object.keys(given.values),
    configuration,
    file: source.file,
    placeOf: source.placeOf,
  }
}

/** Values without those that the action takes from an artifact or a variable instead. */
export const notOverridden = (
  values: Readonly<Record<string, string>>,
  { parameters }: DeployedStack,
): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !Object.hasOwn(parameters, name)))

/**
 * Gives what CloudFormation needs for each stack whose template is known; `others` export what templates import.
 */
export function furtherNeedsOf(
  templates: readonly StackTemplate[],
  others: readonly PlacedTemplate[],
  standIns: StandIns,
): FurtherNeeds[] {
  const exported = exportedValues([...others, ...templates.map(placedIn)], standIns)
  return templates.map((one): FurtherNeeds => {
    const { account, region, name, role, caller, pipeline, stage, action, deletes, parameters } = one.stack
    const { template } = one
    const values = parametersOf(one)
    const { needs, unknownTypes } = stackNeeds(role, {
      ...{ template, parameters: values, account, region, stack: name, deletes },
      tagged: one.tagged,
      caller,
      exported: (of) => exported(of, { account, region }),
      standIn: (unknown) => standIns.of(unknown),
    })
    const origin = (path: readonly string[], logicalId?: string) => ({
      ...{ account, region, stack: name },
      ...(logicalId && { logicalId, resourceType: entryOf(template.Resources, logicalId)?.Type }),
      ...(one.file && { file: one.file, ...one.placeOf?.(path) }),
    })
    const idOf = (type: string) =>
      Object.entries(template.Resources).find(([, { Type }]) => Type === type)?.[0]
    return {
      pipeline,
      title: stage,
      action,
      needs: needs.filter((need) => !isToldByDeclaration(need, one.stack, standIns)),
      stack: {
        ...{ name, account, region, role, origin: origin(['Parameters']) },
        unknownTypes: unknownTypes.map((type) => ({
          type,
          origin: origin(['Resources', idOf(type) ?? ''], idOf(type)),
        })),
        openParameters: Object.keys(template.Parameters ?? {})
          .filter((key) => isOpen(key, template, values))
          .map((key) => ({ name: key, origin: origin(['Parameters', key]) })),
        strayOverrides: Object.keys(parameters).filter(
          (key) => !deletes && !Object.hasOwn(one.template.Parameters ?? {}, key),
        ),
      },
    }
  })
}

/** Code in an artifact, whose bucket an override takes from it: the declaration tells that need exactly. */
function isToldByDeclaration(
  { action, resource }: Need,
  { account, region, name, parameters }: DeployedStack,
  standIns: StandIns,
): boolean {
  const [bucket] = action.startsWith('s3:GetObject') ? standIns.in(resource) : []
  return (
    bucket?.why.kind === 'parameter' &&
    bucket.why.of === placeOfStack({ account, region, stackName: name }).place &&
    Object.hasOwn(parameters, bucket.why.name) &&
    parameters[bucket.why.name] === undefined &&
    resource.startsWith(`arn:aws:s3:::${standIns.of(bucket)}/`)
  )
}

/** AWS: what the action overrides comes before the template configuration file, and that before defaults. */
function parametersOf({
  stack,
  template,
  values,
  defaults,
}: StackTemplate): Record<string, string | undefined> {
  const nobodyKnows = Object.keys(template.Parameters ?? {}).filter(
    (name) => !defaults && !Object.hasOwn(values, name),
  )
  const literal = Object.entries(stack.parameters).filter(([, value]) => value !== undefined)
  return {
    ...Object.fromEntries(nobodyKnows.map((name) => [name, undefined])),
    ...stack.parameters,
    ...values,
    ...Object.fromEntries(literal),
  }
}

/** Whether nobody knows a parameter's value. */
function isOpen(name: string, { Parameters }: Template, values: Record<string, string | undefined>): boolean {
  const { Type = 'String', Default } = entryOf(Parameters, name)!
  if (storedType(Type) !== undefined) return true
  return Object.hasOwn(values, name) ? values[name] === undefined : Default === undefined
}

/** The stack as a neighbour whose exports others import. */
export function placedIn(one: StackTemplate): PlacedTemplate {
  const { stack, template, file, placeOf: place } = one
  const known = Object.entries(parametersOf(one))
  const Parameters = Object.fromEntries(
    Object.entries(template.Parameters ?? {}).map(([name, { Default, ...parameter }]) => [
      name,
      Default === undefined || known.some(([key]) => key === name) ? parameter : { ...parameter, Default },
    ]),
  )
  return {
    stack: stack.name,
    target: { account: stack.account, region: stack.region },
    template: { ...template, Parameters },
    parameters: Object.fromEntries(
      known.filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    ...(file && { file, placeOf: place }),
  }
}
