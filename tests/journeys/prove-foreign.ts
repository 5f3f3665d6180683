/** What the proof says of a foreign system, and what its run says of the proof. */
import {
  type Edge,
  type FurtherNeeds,
  isFailed,
  type Landscape,
  type PlacedTemplate,
  type Proof,
  prove,
  readLandscape,
} from '../../src/access/index.ts'
import { applicationTemplates, furtherNeedsOf } from '../../src/cli/application-templates.ts'
import { deployedStacks } from '../../src/pipeline/index.ts'
import { type Deployment, type ForeignSystem, type Mistake, mistaken, type Run } from './foreign-system.ts'

/** Proves a system as its templates stand at the end; `crossdock check --templates` would be given the same. */
export const proofOf = (system: ForeignSystem, mistake: Mistake): Proof => provenSystem(system, mistake).proof

/** The same, with what was read from the templates. */
export function provenSystem(
  system: ForeignSystem,
  mistake: Mistake = {},
): { readonly proof: Proof; readonly landscape: Landscape } {
  const templates = placedTemplates(system, mistake)
  const landscape = readLandscape(templates)
  const further = furtherNeeds(system, landscape)
  return { landscape, proof: prove(landscape, { complete: true, further }) }
}

/** Gives the templates as they stand at the end. */
export function placedTemplates(system: ForeignSystem, mistake: Mistake = {}): PlacedTemplate[] {
  const deployments = mistaken(system, mistake)
  const last = new Map<string, PlacedTemplate>()
  for (const { stack, target, body, parameters, template } of deployments)
    last.set(`${target.account} ${target.region} ${stack}`, {
      stack,
      target,
      template: body,
      ...split(parameters, deployments),
      file: template,
    })
  return [...last.values()]
}

/** Gives what the roles of the stacks that its pipeline makes need. */
export function furtherNeeds(
  system: ForeignSystem,
  { pipelines, templates, standIns }: Landscape,
): FurtherNeeds[] {
  const stacks = pipelines.flatMap((pipeline) => deployedStacks(pipeline.declaration, pipeline))
  return furtherNeedsOf(applicationTemplates(system.applications, stacks), templates, standIns)
}

/** Outputs of other stacks stay references, also as items of a list. */
function split(
  parameters: Readonly<Record<string, string>>,
  deployments: readonly Deployment[],
): Pick<PlacedTemplate, 'parameters' | 'parametersFrom'> {
  const refers = ([, value]: [string, string]) => value.includes('{')
  const item = (text: string) => {
    const [, stack, output = ''] = /^\{([^{}.]+)\.([^{}]+)\}$/.exec(text) ?? []
    const from = deployments.find((one) => one.stack === stack)
    return stack && from ? { stack, target: from.target, output } : text
  }
  const all = Object.entries(parameters)
  return {
    parameters: Object.fromEntries(all.filter((one) => !refers(one))),
    parametersFrom: Object.fromEntries(
      all.filter(refers).map(([name, value]) => [name, value.split(',').map(item)]),
    ),
  }
}

export const showEdge = ({ need, uses, failure }: Edge): string =>
  `${need.principal} ${need.action} ${need.resource} (${uses.map((use) => `${use.stage}/${use.action}`).join(', ')}): ${failure?.message ?? ''}`

export const denied = (proof: Proof): Edge[] => proof.edges.filter(isFailed)

/** Denials that the run met and the proof did not foresee, each once. */
export function unforeseen(proof: Proof, { trail }: Run): string[] {
  const edges = denied(proof)
  const met = trail.filter((entry) => entry.decision.effect !== 'allowed')
  const missed = met.filter(
    ({ principal, action, resource }) =>
      !edges.some(
        ({ need }) =>
          need.principal === principal &&
          need.action.toLowerCase() === action.toLowerCase() &&
          (action.startsWith('kms:') || covers(need.resource, resource)),
      ),
  )
  return [...new Set(missed.map((one) => `${one.principal} ${one.action} ${one.resource}`))]
}

/** Whether a pattern with `*` and `?` covers a resource. */
export const covers = (pattern: string, resource: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(resource)
