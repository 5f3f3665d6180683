/** What CloudFormation will refuse of what pipelines of plain templates give the stacks that they deploy. */
import type { Finding, Landscape, Origin } from '../access/index.ts'
import { entryOf } from '../model/index.ts'
import { type InputFault, stackInputFaults } from '../pipeline/index.ts'
import type { TemplatePath } from '../template/index.ts'
import { type StackTemplate, stackPlace } from './application-templates.ts'

const RULE = 'refused-input'

/**
 * Gives what is refused, each where it stands: in the action, in the template configuration file, or in the template.
 * Values that the command line gives stand for what the stack has already.
 */
export function inputFindings(templates: readonly StackTemplate[], landscape: Landscape): Finding[] {
  const found = templates
    .filter(({ stack }) => !stack.deletes)
    .flatMap((one) => [...configurationFindings(one, landscape), ...faultsOf(one, landscape)])
  return [...new Map(found.map((one) => [`${one.message} ${originText(one.origin)}`, one])).values()]
}

const originText = ({ file, line, column, logicalId }: Partial<Origin> = {}): string =>
  [file, line, column, logicalId].join(':')

function configurationFindings(one: StackTemplate, landscape: Landscape): Finding[] {
  const { configuration, stack } = one
  if (configuration?.state !== 'absent') return []
  const { path, artifact } = stack.settings!
  const isCertain = configuration.isCertain && isSource(artifact, one, landscape)
  return [
    {
      rule: RULE,
      severity: isCertain ? 'error' : 'warning',
      message: `the template configuration ${path} of the stack ${stack.name} is not in the artifact ${artifact}: there is no file ${configuration.file}`,
      fix: isCertain
        ? 'write { "Parameters": { "Name": "value" } } there, or take TemplateConfiguration out of the action'
        : 'see to it that the build writes it, or write it there',
      origin: originOf(['TemplateConfiguration'], one, landscape),
    },
  ]
}

/** Whether an artifact is what somebody committed, and not what an action made of it. */
const isSource = (artifact: string, { stack }: StackTemplate, { pipelines }: Landscape): boolean =>
  pipelines.some(
    ({ declaration: { name, stages } }) =>
      name === stack.pipeline &&
      stages.some(({ actions }) =>
        actions.some(
          ({ actionTypeId, outputArtifacts = [] }) =>
            actionTypeId.category === 'Source' && outputArtifacts.some((one) => one.name === artifact),
        ),
      ),
  )

function faultsOf(one: StackTemplate, landscape: Landscape): Finding[] {
  const { stack, template, transforms, configuration, given } = one
  const configured = configuration?.state === 'read' ? Object.keys(configuration.parameters) : undefined
  const isKnown = !stack.settings || configuration?.state === 'read' || isAbsent(one, landscape)
  const faults = stackInputFaults({
    ...{ template, transforms },
    overrides: [...Object.keys(stack.parameters), ...given],
    configured: isKnown ? (configured ?? []) : undefined,
    policy: configuration?.state === 'read' && configuration.policy,
    capabilities: stack.capabilities,
    changeSet: stack.byChangeSet,
  })
  // Overrides of what the template does not have are told by a rule of the proof, which live pipelines have too.
  return faults.filter(({ of }) => of !== 'overrides').map((fault) => findingOf(fault, one, landscape))
}

const isAbsent = (one: StackTemplate, landscape: Landscape): boolean =>
  configurationFindings(one, landscape).some(({ severity }) => severity === 'error')

function findingOf(
  { of, parameter = '', message, meant }: InputFault,
  one: StackTemplate,
  landscape: Landscape,
): Finding {
  const { stack, configuration, file } = one
  const inFile = stack.settings ? ` or under Parameters of ${stack.settings.path}` : ''
  const fixes: Record<InputFault['of'], string> = {
    overrides: '',
    configuration: meant
      ? `write ${meant} instead of ${parameter}`
      : `take it out, or declare it in ${file ?? 'the template'}`,
    missing: `give it in ParameterOverrides of ${stack.stage} › ${stack.source.name}${inFile}, or a Default here; where the stack has a value already, say so: ,${parameter}=<value> behind the file in --application`,
    policy:
      'take StackPolicy out of it, and set the policy with SetStackPolicy; or let the action work with ActionMode CREATE_UPDATE',
    capabilities: `add what is missing to Capabilities of ${stack.stage} › ${stack.source.name}`,
  }
  const inConfiguration = configuration?.state === 'read' && {
    ...{ account: stack.account, region: stack.region, stack: stack.name, file: configuration.file },
    ...configuration.placeOf(of === 'policy' ? ['StackPolicy'] : ['Parameters', parameter]),
  }
  return {
    rule: RULE,
    severity: 'error',
    message: `CloudFormation refuses what ${stack.pipeline} gives the stack ${stackPlace(stack)}: ${message}`,
    fix: fixes[of],
    origin:
      of === 'missing'
        ? inTemplate(parameter, one)
        : (of === 'configuration' || of === 'policy') && inConfiguration
          ? inConfiguration
          : originOf(of === 'capabilities' ? ['Capabilities'] : [], one, landscape),
  }
}

const inTemplate = (parameter: string, { stack, file, placeOf }: StackTemplate): Origin => ({
  ...{ account: stack.account, region: stack.region, stack: stack.name },
  ...(file && { file, ...placeOf?.(['Parameters', parameter]) }),
})

/** Where something of the action's configuration stands. */
function originOf(path: TemplatePath, { stack }: StackTemplate, { pipelines, templates }: Landscape): Origin {
  const { pipeline, account, region, name, source } = stack
  const found = pipelines.find(({ declaration }) => declaration.name === pipeline)
  if (!found) return { account, region, stack: name }
  const { origin } = found
  const placed = templates.find((one) => one.stack === origin.stack && one.target.account === origin.account)
  const properties = entryOf(placed?.template.Resources, origin.logicalId ?? '')?.Properties
  const action = actionPath(properties?.Stages, source.name, stack.name)
  if (!placed?.placeOf || !action) return origin
  const whole = ['Resources', origin.logicalId!, 'Properties', 'Stages', ...action, 'Configuration', ...path]
  return { ...origin, ...placed.placeOf(whole) }
}

/** The way to an action in the property Stages, as far as that is written out. */
function actionPath(stages: unknown, action: string, stack: string): TemplatePath | undefined {
  for (const [index, stage] of recordsIn(stages))
    for (const [place, one] of recordsIn(stage.Actions)) {
      const { StackName } = Object(one.Configuration) as Record<string, unknown>
      // A stack's name may be a function, and two stages may have actions of one name.
      if (one.Name === action && (typeof StackName !== 'string' || StackName === stack))
        return [index, 'Actions', place]
    }
  return undefined
}

const recordsIn = (value: unknown): [number, Record<string, unknown>][] =>
  Array.isArray(value)
    ? [...value.entries()].filter(([, one]) => typeof one === 'object' && one !== null)
    : []
