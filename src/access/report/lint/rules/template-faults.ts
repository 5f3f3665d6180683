/** What CloudFormation would refuse in templates that somebody wrote: all of it, at its place. */
import type { Template } from '../../../../model/index.ts'
import {
  checkProperties,
  checkRules,
  fallbackFaults,
  type GivenResource,
  handleFaults,
  pathTo,
  propertiesFailure,
  refusedProperties,
  resourceSpec,
  retiredRuntimeFaults,
  TemplateFault,
  type TemplatePath,
  templateFaults,
  unresolvedIn,
  type Value,
  valueFaults,
} from '../../../../template/index.ts'
import type { Finding } from '../../../landscape/finding.ts'
import { gapsOf } from '../../../landscape/gaps.ts'
import type { PlacedTemplate } from '../../../landscape/placed-template.ts'
import { scopesOf } from '../../../landscape/read-landscape.ts'
import type { StackScope } from '../../../landscape/stack-scope.ts'
import { StandIns } from '../../../landscape/stand-ins.ts'
import { exportedTwice } from './export-faults.ts'

/** Gives the faults of templates that come from files, beside others whose exports they import. */
export function templateFindings(
  templates: readonly PlacedTemplate[],
  others: readonly PlacedTemplate[] = [],
): Finding[] {
  const all = scopesOf([...others, ...templates], new StandIns())
  const scopes = all.filter(({ placed }) => placed.file !== undefined && templates.includes(placed))
  // Those of files come last: where one of two is to be mended, it is theirs.
  const twice = exportedTwice([...all.filter((one) => !scopes.includes(one)), ...scopes])
  return [
    ...scopes.flatMap((scope) => faultsIn(scope, all).map((fault) => findingOf(fault, scope))),
    ...twice.flatMap(({ scope, fault }) => (scopes.includes(scope) ? findingOf(fault, scope) : [])),
  ]
}

/** Where the template itself is wrong, what its values give says nothing new. */
function faultsIn(scope: StackScope, all: readonly StackScope[]): TemplateFault[] {
  const { template, parameters = {} } = scope.placed
  const told = new Set(gapsOf(scope).flatMap(({ kind, name }) => (kind === 'reference' ? name : [])))
  const faults = templateFaults(template).filter(
    (fault) => isRefused(fault, template) && !(fault.unresolved && told.has(fault.unresolved)),
  )
  const isWrong = told.size > 0 || faults.some(({ by }) => by === 'aws')
  return [
    ...faults,
    ...valueFaults(template, parameters),
    ...handleFaults(template),
    ...(isWrong
      ? []
      : [
          ...rulesIn(scope),
          ...lackingIn(scope),
          ...resourcesIn(scope),
          ...unsaidIn(scope, all),
          ...outputsIn(scope),
        ]),
  ]
}

/** AWS takes types that somebody registered in the account, of which nothing is known here, and the CDK's metadata. */
function isRefused({ by, path = [] }: TemplateFault, { Resources }: Template): boolean {
  const type = by === 'aws' && isOfType(path) ? Resources[String(path[1])]!.Type : 'AWS::'
  return type.startsWith('AWS::') && type !== 'AWS::CDK::Metadata'
}

/** The specification here may be older than AWS's; serverless types are in none. */
const isDoubtful = (path: TemplatePath, { Resources }: Template): boolean =>
  isOfType(path) && !Resources[String(path[1])]!.Type.startsWith('AWS::Serverless::')

const isOfType = (path: TemplatePath): boolean =>
  path.length === 3 && path[0] === 'Resources' && path[2] === 'Type'

function rulesIn(scope: StackScope): TemplateFault[] {
  try {
    checkRules(scope.placed.template, scope.ruleScope())
    return []
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error
    return [error.path ? error : error.at(['Rules'])]
  }
}

function lackingIn(scope: StackScope): TemplateFault[] {
  const { Resources, Outputs = {} } = scope.placed.template
  return (['Resources', 'Outputs'] as const).flatMap((block) =>
    scope.lacking(block).map(({ within, name, reference }) => {
      const path = [block, within, block === 'Resources' ? 'Properties' : 'Value']
      const written = block === 'Resources' ? Resources[within]!.Properties : Outputs[within]!.Value
      return new TemplateFault(unresolvedIn(block, [name]), {
        path: pathTo(written, path, (one) => one.kind === reference.kind && one.name === name),
        fix: `give what refers to ${name} the condition of ${name}, or refer to it in an Fn::If of that condition`,
      })
    }),
  )
}

function resourcesIn(scope: StackScope): TemplateFault[] {
  return scope.resources().flatMap(({ logicalId, resource: { Type, Properties = {} } }) => {
    const path = ['Resources', logicalId]
    const { value, refused } = scope.examine(Properties)
    const spec = resourceSpec(Type)
    const given = (value ?? {}) as Readonly<Record<string, Value>>
    const problems = spec ? checkProperties(spec, given).problems : []
    return [
      ...placed(refused, path),
      ...problems.map(
        (problem) =>
          new TemplateFault(propertiesFailure(logicalId, [problem]).replace('\n', ' '), {
            path: [...path, 'Properties', ...pathIn(problem)],
          }),
      ),
      ...[...refusedProperties(Type, given), ...retiredRuntimeFaults(Type, given)].map((fault) =>
        fault.at([...path, ...(fault.path?.length ? ['Properties', ...fault.path] : ['Type'])]),
      ),
    ]
  })
}

/** What resources leave to others of their account and region, none of which says it. */
function unsaidIn(scope: StackScope, all: readonly StackScope[]): TemplateFault[] {
  const { account, region } = scope.placed.target
  const near = all.filter(({ placed: { target } }) => target.account === account && target.region === region)
  const around = () => near.flatMap((one) => one.resources().map(({ logicalId }) => givenIn(one, logicalId)))
  return scope
    .resources()
    .flatMap(({ logicalId }) =>
      fallbackFaults(givenIn(scope, logicalId), around).map((fault) =>
        fault.at(['Resources', logicalId, 'Type']),
      ),
    )
}

function givenIn(scope: StackScope, logicalId: string): GivenResource {
  const { Type: type, Properties = {} } = scope.placed.template.Resources[logicalId]!
  const properties = (scope.value(Properties) ?? {}) as GivenResource['properties']
  return { type, ref: scope.value({ Ref: logicalId }), properties }
}

function outputsIn(scope: StackScope): TemplateFault[] {
  return Object.entries(scope.placed.template.Outputs ?? {}).flatMap(
    ([name, { Value, Export, Condition }]) => {
      if (Condition !== undefined && scope.decides(Condition) === false) return []
      return placed(scope.examine([Value, Export?.Name ?? '']).refused, ['Outputs', name])
    },
  )
}

/** A fault without a place of its own gets that of what was looked at. */
const placed = (faults: readonly TemplateFault[], path: TemplatePath): TemplateFault[] =>
  faults.map((fault) => (fault.path ? fault : fault.at(path)))

/** `#/Tags/0: expected type …` */
const pathIn = (problem: string): TemplatePath =>
  problem
    .slice(0, problem.indexOf(': '))
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))

function findingOf({ message, fix, by, path = [] }: TemplateFault, { placed }: StackScope): Finding {
  const { target, stack, file, placeOf, template } = placed
  const logicalId = path[0] === 'Resources' ? String(path[1]) : undefined
  const origin = {
    ...target,
    stack,
    ...(logicalId !== undefined && { logicalId, resourceType: template.Resources[logicalId]?.Type }),
    ...(file && { file }),
    ...placeOf?.(path),
  }
  if (by === 'crossdock')
    return {
      rule: 'refused-by-embedded-cloud',
      severity: 'warning',
      message: `the embedded cloud refuses the template of the stack ${stack}, which CloudFormation takes: ${message}`,
      fix: fix ?? 'nothing, for AWS; what runs on the embedded cloud has to do without',
      origin,
    }
  return {
    rule: 'refused-template',
    severity: isDoubtful(path, template) ? 'warning' : 'error',
    message: `CloudFormation refuses the template of the stack ${stack}: ${message}`,
    fix: fix ?? 'mend it there; CloudFormation tells only the first of its faults at a time',
    origin,
  }
}
