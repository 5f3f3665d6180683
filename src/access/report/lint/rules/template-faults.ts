/** What CloudFormation would refuse in templates that somebody wrote: all of it, at its place. */
import type { Template } from '../../../../model/index.ts'
import {
  checkProperties,
  checkRules,
  declaredTransforms,
  propertiesFailure,
  resourceSpec,
  TemplateFault,
  type TemplatePath,
  templateFaults,
  type Value,
  valueFaults,
} from '../../../../template/index.ts'
import type { Finding } from '../../../landscape/finding.ts'
import { gapsOf } from '../../../landscape/gaps.ts'
import type { PlacedTemplate } from '../../../landscape/placed-template.ts'
import { scopesOf } from '../../../landscape/read-landscape.ts'
import type { StackScope } from '../../../landscape/stack-scope.ts'
import { StandIns } from '../../../landscape/stand-ins.ts'

/** Gives the faults of templates that come from files, beside others whose exports they import. */
export function templateFindings(
  templates: readonly PlacedTemplate[],
  others: readonly PlacedTemplate[] = [],
): Finding[] {
  return scopesOf([...others, ...templates], new StandIns())
    .filter(({ placed }) => placed.file !== undefined && templates.includes(placed))
    .flatMap((scope) => faultsIn(scope).map((fault) => findingOf(fault, scope)))
}

/** What only a transform makes of a template is not known here, but for loops, which are written out by now. */
function faultsIn(scope: StackScope): TemplateFault[] {
  const { template, parameters = {} } = scope.placed
  const transforms = declaredTransforms(template as unknown as Record<string, unknown>)
  if (transforms.some((one) => one !== 'AWS::LanguageExtensions')) return valueFaults(template, parameters)
  const told = new Set(gapsOf(scope).flatMap(({ kind, name }) => (kind === 'reference' ? name : [])))
  const faults = templateFaults(template).filter(
    (fault) => isRefused(fault, template) && !(fault.unresolved && told.has(fault.unresolved)),
  )
  // Where the template itself is wrong, what its values give says nothing new.
  return [
    ...faults,
    ...valueFaults(template, parameters),
    ...(faults.length || told.size ? [] : [...rulesIn(scope), ...resourcesIn(scope)]),
  ]
}

/** AWS takes types that somebody registered in the account, of which nothing is known here, and the CDK's metadata. */
function isRefused({ by, path = [] }: TemplateFault, { Resources }: Template): boolean {
  if (by !== 'aws') return false
  const type = isOfType(path) ? Resources[String(path[1])]!.Type : 'AWS::'
  return type.startsWith('AWS::') && type !== 'AWS::CDK::Metadata'
}

const isOfType = (path: TemplatePath): boolean =>
  path.length === 3 && path[0] === 'Resources' && path[2] === 'Type'

function rulesIn(scope: StackScope): TemplateFault[] {
  try {
    checkRules(scope.placed.template, scope.ruleScope())
    return []
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error
    return error.by === 'aws' ? [error] : []
  }
}

function resourcesIn(scope: StackScope): TemplateFault[] {
  return scope.resources().flatMap(({ logicalId, resource: { Type, Properties = {} } }) => {
    const path = ['Resources', logicalId]
    const { value, refused } = scope.examine(Properties)
    const spec = resourceSpec(Type)
    const given = (value ?? {}) as Readonly<Record<string, Value>>
    const problems = spec ? checkProperties(spec, given).problems : []
    return [
      ...refused.filter(({ by }) => by === 'aws').map((fault) => fault.at(fault.path ?? path)),
      ...problems.map(
        (problem) =>
          new TemplateFault(propertiesFailure(logicalId, [problem]).replace('\n', ' '), {
            path: [...path, 'Properties', ...pathIn(problem)],
          }),
      ),
    ]
  })
}

/** `#/Tags/0: expected type …` */
const pathIn = (problem: string): TemplatePath =>
  problem
    .slice(0, problem.indexOf(': '))
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))

function findingOf({ message, fix, path = [] }: TemplateFault, { placed }: StackScope): Finding {
  const { target, stack, file, placeOf, template } = placed
  const logicalId = path[0] === 'Resources' ? String(path[1]) : undefined
  return {
    rule: 'refused-template',
    // The specification here may be older than AWS's.
    severity: isOfType(path) ? 'warning' : 'error',
    message: `CloudFormation refuses the template of the stack ${stack}: ${message}`,
    fix: fix ?? 'mend it there; CloudFormation tells only the first of its faults at a time',
    origin: {
      ...target,
      stack,
      ...(logicalId !== undefined && { logicalId, resourceType: template.Resources[logicalId]?.Type }),
      ...(file && { file }),
      ...placeOf?.(path),
    },
  }
}
