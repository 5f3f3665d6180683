/** What a proof is made of: the assembly of a fleet file, or plain templates named on the command line. */
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import {
  type FurtherNeeds,
  type GivenOrganization,
  type Landscape,
  type PlacedTemplate,
  type Proof,
  parseTemplate,
  prove,
  readLandscape,
} from '../access/index.ts'
import { FLEET_FILES, type Fleet, loadFleet } from '../fleet/index.ts'
import type { Assembly, StackOutputReference, Target } from '../model/index.ts'
import { type Invocation, UsageError } from './command.ts'
import { organizationOf } from './organization-input.ts'
import { workspaceOf } from './workspace.ts'

export interface ProofInput {
  /** What is checked, for the summary. */
  readonly name: string
  readonly landscape: Landscape
  readonly further: readonly FurtherNeeds[]
  /** Whether everything is there: true for what a fleet file makes. */
  readonly complete: boolean
  readonly assembly?: Assembly
}

export const TEMPLATES_OPTION = {
  flags: '--templates <place...>',
  description:
    'plain CloudFormation templates instead of a fleet file: <account>/<region>=<file>[#stack][,Parameter=value…][,LogicalId=physical id…]; ' +
    'a place may also be "hub" or an environment of the fleet file, then <name>=<file>[@region]; ' +
    'a value @stack.Output is taken from another of the templates',
}

/** Gives what the command line asks to be proven. Errors: UsageError, FleetError. */
export async function proofInputOf(invocation: Invocation): Promise<ProofInput> {
  const given = invocation.options.templates as unknown as string[] | undefined
  if (!given?.length) return ofFleet(invocation)
  const fleet = await nearbyFleet(invocation)
  const places = fleet ? placesOf(fleet) : new Map<string, Target>()
  const templates = resolveOutputs(given.flatMap((text) => placements(text, places)))
  const name = `${templates.length} templates`
  const landscape = readLandscape(templates, organizationOf(invocation, fleet))
  return { name, landscape, further: [], complete: false }
}

export const proofOf = ({ landscape, further, complete }: ProofInput): Proof =>
  prove(landscape, { further, complete })

async function ofFleet(invocation: Invocation): Promise<ProofInput> {
  const { fleet, assembly } = await workspaceOf(invocation)
  const organization = organizationOf(invocation, fleet)
  return { name: fleet.name, ...ofAssembly(assembly, organization), complete: true, assembly }
}

/** Gives the landscape of an assembly, and what its application templates need besides. */
export function ofAssembly(
  assembly: Assembly,
  organization?: GivenOrganization,
): Pick<ProofInput, 'landscape' | 'further'> {
  const templates = assembly.waves.flat().map(
    ({ name: stack, target, template, parametersFrom }): PlacedTemplate => ({
      stack,
      target,
      template,
      parametersFrom,
    }),
  )
  const further = assembly.pipelines.map(({ id, applicationNeeds = [] }) => ({
    pipeline: id,
    title: 'what the stacks make',
    needs: applicationNeeds,
  }))
  return { landscape: readLandscape(templates, organization), further }
}

/** The fleet file that names places and organization, where there is one. */
async function nearbyFleet({ options }: Invocation): Promise<Fleet | undefined> {
  const file = typeof options.fleet === 'string' ? options.fleet : undefined
  return file || FLEET_FILES.some((name) => existsSync(name)) ? loadFleet(file) : undefined
}

/** Where each name of the fleet file is: hub and environments. */
const placesOf = ({ hub, environments }: Fleet): ReadonlyMap<string, Target> =>
  new Map([
    ['hub', hub],
    ...environments.map(({ name, account, regions }) => [name, { account, region: regions[0]! }] as const),
  ])

interface Placement extends PlacedTemplate {
  readonly parameters: Record<string, string>
}

/** Reads `place=file[,Parameter=value…]`, several of them with commas between; a list's items follow its value. */
function placements(text: string, places: ReadonlyMap<string, Target>): Placement[] {
  const found: Placement[] = []
  let parameter: string | undefined
  for (const part of text.split(',')) {
    const equals = part.indexOf('=')
    const [key, value] = [part.slice(0, Math.max(0, equals)), part.slice(equals + 1)]
    const target = targetOf(key, places)
    const last = found.at(-1)
    if (target) found.push(placed(value, target))
    else if (last && key) last.parameters[key] = value
    else if (last && parameter) last.parameters[parameter] += `,${part}`
    else throw new UsageError(`"${part}" names no place: write 111111111111/us-east-1=<file>`)
    if (key) parameter = target ? undefined : key
  }
  return found
}

function targetOf(text: string, places: ReadonlyMap<string, Target>): Target | undefined {
  const [, account, region] = /^(\d{12})\/([a-z0-9-]+)$/.exec(text) ?? []
  return account && region ? { account, region } : places.get(text)
}

function placed(text: string, target: Target): Placement {
  const [, file = text, region, stack] = /^(.+?)(?:@([a-z]{2}-[a-z0-9-]+-\d))?(?:#(.+))?$/.exec(text) ?? []
  try {
    return {
      stack: stack ?? basename(file).replace(/\.[^.]+$/, ''),
      target: region ? { ...target, region } : { account: target.account, region: target.region },
      template: parseTemplate(readFileSync(file, 'utf8')),
      parameters: {},
      file,
    }
  } catch (cause) {
    throw new UsageError(`${file}: ${(cause as Error).message}`)
  }
}

/** Turns values `@stack.Output` into references, also in lists. */
function resolveOutputs(templates: readonly Placement[]): PlacedTemplate[] {
  for (const one of templates) refuseUnknownNames(one)
  return templates.map((one) => {
    const values = Object.entries(one.parameters)
    const refers = ([, value]: [string, string]) => /(^|,)@/.test(value)
    const parametersFrom = values
      .filter(refers)
      .map(([name, value]) => [
        name,
        value.split(',').map((item) => (item.startsWith('@') ? outputOf(item, one, templates) : item)),
      ])
    return {
      ...one,
      parameters: Object.fromEntries(values.filter((value) => !refers(value))),
      parametersFrom: Object.fromEntries(parametersFrom),
    }
  })
}

function refuseUnknownNames({ file, template, parameters }: Placement): void {
  const known = [...Object.keys(template.Parameters ?? {}), ...Object.keys(template.Resources)]
  const unknown = Object.keys(parameters).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`${file} has neither a parameter nor a resource "${unknown}"`)
}

function outputOf(reference: string, from: Placement, templates: readonly Placement[]): StackOutputReference {
  const [, stack = '', output = ''] = /^@(.+)\.([A-Za-z0-9]+)$/.exec(reference) ?? []
  const named = templates.filter((one) => one.stack === stack && one !== from)
  const found =
    named.find(
      ({ target }) => target.account === from.target.account && target.region === from.target.region,
    ) ?? named[0]
  if (!found) throw new UsageError(`${reference}: no other template is the stack "${stack}"`)
  return { stack, target: found.target, output }
}
