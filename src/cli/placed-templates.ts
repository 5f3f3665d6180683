/** The option `--templates`: plain CloudFormation templates with the places where they are stacks. */
import { basename } from 'node:path'
import type { PlacedTemplate } from '../access/index.ts'
import type { Fleet } from '../fleet/index.ts'
import { FleetError, nearest, regionDoubt, type StackOutputReference, type Target } from '../model/index.ts'
import { type Invocation, UsageError } from './command.ts'
import { checkValues, suggestion, type TemplateFile, templateFile, valuesOf } from './named-file.ts'

export const TEMPLATES_OPTION = {
  flags: '--templates <place...>',
  description:
    'plain CloudFormation templates instead of a fleet file: <account>/<region>=<file>[#stack][,Parameter=value…][,LogicalId=physical id…]; ' +
    'a place may also be "hub" or an environment of the fleet file, then <name>=<file>[@region]; ' +
    'a value @stack.Output is taken from another of the templates',
}

/** Gives the templates that the command line names; none without the option. Errors: UsageError, FleetError. */
export function placedTemplates({ options }: Invocation, fleet: Fleet | undefined): PlacedTemplate[] {
  const given = (options.templates ?? []) as unknown as string[]
  const places = fleet ? placesOf(fleet) : new Map<string, Target>()
  const placements = given.flatMap((text) => placementsIn(text, places))
  refuseTwins(placements)
  return placements.map((one) => withOutputs(one, placements))
}

/** Where each name of the fleet file is: hub, environments, and the accounts of those that have several. */
const placesOf = ({ hub, environments }: Fleet): ReadonlyMap<string, Target> =>
  new Map([
    ['hub', hub],
    ...environments.flatMap(({ name, accounts }) =>
      accounts.map(
        (one) => [accounts.length > 1 ? one.name : name, { account: one.account, region: one.home }] as const,
      ),
    ),
  ])

interface Placement {
  readonly stack: string
  readonly target: Target
  readonly source: TemplateFile
  readonly values: Readonly<Record<string, string>>
}

/** Reads `place=file[,Parameter=value…]`, several of them with commas between. */
function placementsIn(text: string, places: ReadonlyMap<string, Target>): Placement[] {
  const groups: { readonly file: string; readonly target: Target; readonly parts: string[] }[] = []
  for (const part of text.split(',')) {
    const equals = part.indexOf('=')
    const target = targetOf(part.slice(0, Math.max(0, equals)), places)
    if (target) groups.push({ file: part.slice(equals + 1), target, parts: [] })
    else if (groups.length) groups.at(-1)!.parts.push(part)
    else throw new UsageError(noPlace(part, places))
  }
  return groups.map(({ file, target, parts }) => placement(file, target, parts))
}

function noPlace(part: string, places: ReadonlyMap<string, Target>): string {
  const place = part.includes('=') ? part.slice(0, part.indexOf('=')) : ''
  const names = [...places.keys()]
  const meant = suggestion(nearest(place, names))
  const known = names.length ? `, or one of ${names.join(', ')}` : ''
  return `"${part}" names no place${meant}: write <account of 12 digits>/<region>=<file>, 111111111111/us-east-1=hub.yaml for example${known}`
}

function targetOf(text: string, places: ReadonlyMap<string, Target>): Target | undefined {
  const [, account, region] = /^(\d{12})\/(.+)$/.exec(text) ?? []
  if (!account || !region) return places.get(text)
  refuseRegion(region)
  return { account, region }
}

/** Errors: UsageError where there is no such region; one that may be younger is told by a rule of `lint`. */
export function refuseRegion(region: string): void {
  const doubt = regionDoubt(region)
  if (doubt?.kind === 'none')
    throw new UsageError(`"${region}" is no region: write ${doubt.meant ?? 'us-east-1'}, for example`)
}

function placement(text: string, place: Target, parts: readonly string[]): Placement {
  const [, file = text, region = place.region, stack] =
    /^(.+?)(?:@([a-z]{2}-[a-z0-9-]+-\d))?(?:#(.+))?$/.exec(text) ?? []
  const values = valuesOf(parts, (part) => {
    throw new UsageError(`"${part}" behind ${file} is no <Parameter>=<value>`)
  })
  const source = templateFile(file, values, { account: place.account, region })
  checkValues(source, values)
  return {
    stack: stack ?? basename(file).replace(/\.[^.]+$/, ''),
    target: { account: place.account, region },
    source,
    values,
  }
}

/** AWS: a stack's name is unique in its account and region. */
function refuseTwins(placements: readonly Placement[]): void {
  for (const [index, { stack, target, source }] of placements.entries()) {
    const twin = placements
      .slice(0, index)
      .find((one) => one.stack === stack && isSamePlace(one.target, target))
    if (twin)
      throw new UsageError(
        `${twin.source.file} and ${source.file} are both the stack "${stack}" in ${target.account} ${target.region}: ` +
          `name the stacks behind the files, ${source.file}#<stack>`,
      )
  }
}

const isSamePlace = (one: Target, other: Target): boolean =>
  one.account === other.account && one.region === other.region

/** Turns values `@stack.Output` into references, also in lists. */
function withOutputs(placement: Placement, all: readonly Placement[]): PlacedTemplate {
  const { stack, target, source, values } = placement
  const refers = ([, value]: [string, string]) => /(^|,)@/.test(value)
  const entries = Object.entries(values)
  const parametersFrom = entries
    .filter(refers)
    .map(([name, value]) => [
      name,
      value.split(',').map((item) => (item.startsWith('@') ? outputOf(item, placement, all) : item)),
    ])
  return {
    stack,
    target,
    template: source.template,
    file: source.file,
    placeOf: source.placeOf,
    parameters: Object.fromEntries(entries.filter((value) => !refers(value))),
    parametersFrom: Object.fromEntries(parametersFrom),
  }
}

function outputOf(reference: string, from: Placement, all: readonly Placement[]): StackOutputReference {
  const [, stack = '', output = ''] = /^@(.+)\.([A-Za-z0-9]+)$/.exec(reference) ?? []
  const others = all.filter((one) => one !== from)
  const named = others.filter((one) => one.stack === stack)
  const found = named.find(({ target }) => isSamePlace(target, from.target)) ?? named[0]
  if (!found) {
    const stacks = [...new Set(others.map((one) => one.stack))]
    const meant = suggestion(nearest(stack, stacks))
    throw new UsageError(
      `${reference}: no other template is the stack "${stack}"${meant}; there are ${stacks.join(', ') || 'none'}`,
    )
  }
  const { source } = found
  const outputs = Object.keys(source.template.Outputs ?? {})
  if (!outputs.includes(output)) {
    const meant = nearest(output, outputs)
    throw new FleetError(`the stack ${stack} has no output ${output}`, {
      location: { file: source.file, ...source.placeOf(['Outputs']) },
      fix: meant
        ? `write @${stack}.${meant}`
        : `declare it there, or name one of ${outputs.join(', ') || 'none'}`,
    })
  }
  return { stack, target: found.target, output }
}
