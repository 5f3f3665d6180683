/** The organization's policies as the fleet file and the command line give them. */
import type { GivenOrganization } from '../access/index.ts'
import { type Fleet, FleetErrors } from '../fleet/index.ts'
import { FleetError } from '../model/index.ts'
import { type Invocation, UsageError } from './command.ts'
import { readControlPolicy } from './control-policy-file.ts'

type Policy = GivenOrganization['policies'][number]

const targetsText = 'targets are account ids or environments of the fleet file, none is every member account'

export const ORGANIZATION_OPTIONS = [
  {
    flags: '--scp <policy...>',
    description: `service control policies of the organization, <file>[=target,…]: ${targetsText}`,
  },
  {
    flags: '--rcp <policy...>',
    description: `resource control policies of the organization, <file>[=target,…]: ${targetsText}`,
  },
  {
    flags: '--organization <id>',
    description:
      'id of the organization, its management account, or <id>=<management account>: o-a1b2c3d4e5=111111111111',
  },
]

/** Gives what is known of the organization, undefined for nothing. Errors: UsageError, FleetError, FleetErrors. */
export function organizationOf(
  { options }: Pick<Invocation, 'options'>,
  fleet?: Fleet,
): GivenOrganization | undefined {
  const file = fleet?.organization
  const named = identityOf(options.organization)
  const places = placesOf(fleet)
  const policies = [
    ...(file?.policies ?? []).map(({ kind, file: path, accounts, location }) =>
      policyOf(kind, path, accounts, location),
    ),
    ...listed(options.scp).map((text) => given('service control policy', text, '--scp', places)),
    ...listed(options.rcp).map((text) => given('resource control policy', text, '--rcp', places)),
  ]
  const id = named.id ?? file?.id
  const management = named.management ?? file?.management?.account
  if (!id && !management && !policies.length) return undefined
  return { ...(id && { id }), ...(management && { management }), policies }
}

/**
 * Gives the same of a fleet file alone, for who looks at a run: a policy's file that is wrong is told by `check`, and
 * keeps nobody from looking.
 */
export const organizationIn =
  ({ fleet }: { readonly fleet: Fleet }) =>
  (): GivenOrganization | undefined => {
    try {
      return organizationOf({ options: {} }, fleet)
    } catch (error) {
      if (error instanceof FleetError || error instanceof FleetErrors) return undefined
      throw error
    }
  }

const listed = (value: Invocation['options'][string]): readonly string[] =>
  (value ?? []) as unknown as readonly string[]

function identityOf(text: Invocation['options'][string]): { id?: string; management?: string } {
  if (typeof text !== 'string') return {}
  const [, id, management] = /^(o-[a-z0-9]{10,32})?(?:(?:^|=)(\d{12}))?$/.exec(text) ?? []
  if (!id && !management)
    throw new UsageError(
      `--organization takes an organization's id, its management account, or both: o-a1b2c3d4e5=111111111111, not "${text}"`,
    )
  return { ...(id && { id }), ...(management && { management }) }
}

function placesOf(fleet: Fleet | undefined): ReadonlyMap<string, readonly string[]> {
  if (!fleet) return new Map()
  return new Map([
    ['hub', [fleet.hub.account]],
    ...fleet.environments.map((one) => [one.name, one.accounts.map(({ account }) => account)] as const),
  ])
}

function given(
  kind: Policy['kind'],
  text: string,
  flag: string,
  places: ReadonlyMap<string, readonly string[]>,
): Policy {
  const equals = text.lastIndexOf('=')
  const [file, names] = equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)]
  const targets = names?.split(',').flatMap((name) => {
    const target = /^(\d{12}|r-[0-9a-z]{4,32}|ou-[0-9a-z-]+)$/.test(name) ? [name] : places.get(name)
    if (target) return target
    const known = places.size ? `, or one of ${[...places.keys()].join(', ')}` : ''
    throw new UsageError(
      `${flag} ${text}: "${name}" is no target; write an account id of twelve digits${known}`,
    )
  })
  return policyOf(kind, file, targets ?? [], undefined)
}

function policyOf(
  kind: Policy['kind'],
  file: string,
  targets: readonly string[],
  named: Parameters<typeof readControlPolicy>[2],
): Policy {
  const document = readControlPolicy(file, kind, named)
  return { kind, name: file, document, targets, origin: { account: '', region: '', stack: '', file } }
}
