/** What CodePipeline refuses in a pipeline that a template declares, each at its place. */
import type { ActionTypeId, PipelineDeclaration, Target } from '../../../model/index.ts'
import {
  isSameType,
  placeInProperties,
  type TemplateDeclaration,
  type Violation,
  validateDeclaration,
} from '../../../pipeline/index.ts'
import { type Gathering, type ResourceInScope, textOf } from '../gathering.ts'
import type { DeclarationFault } from '../landscape.ts'
import type { StandIns } from '../stand-ins.ts'

/**
 * Gives the violations that do not hang on a value nobody knows. `actionTypes` are those that templates register, in any
 * account and region.
 */
export function declarationFaults(
  { properties, origin, within, scope: { standIns } }: ResourceInScope,
  { declaration, violations }: TemplateDeclaration,
  actionTypes: Gathering['actionTypes'],
): DeclarationFault[] {
  const all = [
    ...violations,
    ...validateDeclaration(declaration, { ...origin, registered: registeredAt(origin, actionTypes) }),
    ...strayTransitions(properties.DisableInboundStageTransitions, declaration),
  ]
  const isOpen = openness(declaration, properties, standIns)
  return all.flatMap((violation) => {
    const place = placeInProperties(violation.path, properties)
    return isOpen(violation, place) ? [] : [{ ...violation, origin: within(...place) }]
  })
}

const registeredAt = ({ account, region }: Target, all: Gathering['actionTypes']) => ({
  find: (type: ActionTypeId) =>
    all.find(
      ({ provider, ...at }) =>
        at.account === account && at.region === region && isSameType(provider.type, type),
    )?.provider,
  all: false,
})

/** AWS: CloudFormation disables the transitions once the pipeline is there, each by the name of its stage. */
function strayTransitions(transitions: unknown, { stages }: PipelineDeclaration): Violation[] {
  const known = stages.map(({ name }) => name)
  return (Array.isArray(transitions) ? transitions : []).flatMap((one, index): Violation[] => {
    const name = textOf(one?.StageName)
    if (name === undefined || known.includes(name)) return []
    return [
      {
        code: 'ValidationException',
        severity: 'error',
        path: `disableInboundStageTransitions[${index}].stageName`,
        message: `there is no stage ${name} whose inbound transition could be disabled`,
        fix: `name one of ${known.join(', ')}`,
      },
    ]
  })
}

function openness(
  declaration: PipelineDeclaration,
  properties: Readonly<Record<string, unknown>>,
  standIns: StandIns,
): (violation: Violation, place: readonly (string | number)[]) => boolean {
  const isOpen = (text: string): boolean => standIns.in(text).length > 0
  const hasOpenStructure = structuralTexts(declaration).some(isOpen)
  return ({ code, message }, place) =>
    isOpen(message) ||
    (hasOpenStructure && code === 'InvalidStructureException') ||
    textsOnTheWay(properties, place).some(isOpen)
}

/** What decides how the actions hang together. */
const structuralTexts = ({ stages, artifactStores = {} }: PipelineDeclaration): string[] => [
  ...Object.keys(artifactStores),
  ...stages.flatMap(({ actions }) =>
    actions.flatMap(({ actionTypeId, outputArtifacts = [], namespace = '', region = '' }) => [
      actionTypeId.category,
      namespace,
      region,
      ...outputArtifacts.map(({ name }) => name),
    ]),
  ),
]

/** The value at a place, or a text before it that stands for everything there. */
function textsOnTheWay(properties: unknown, place: readonly (string | number)[]): string[] {
  let value = properties
  for (const step of place) {
    if (typeof value !== 'object' || value === null) break
    value = (value as Readonly<Record<string | number, unknown>>)[step]
  }
  return typeof value === 'string' ? [value] : []
}
