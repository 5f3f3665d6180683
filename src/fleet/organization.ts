/** The organization that a fleet's accounts belong to, and the policies it puts on them. */
import { dirname, isAbsolute, join } from 'node:path'
import * as z from 'zod/mini'
import { FleetError, nearest, type SourceLocation } from '../model/index.ts'
import type { FleetDocument } from './document.ts'

const policies = z._default(
  z.array(
    z.union([
      z.string().check(z.minLength(1)),
      z.strictObject({
        file: z.string().check(z.minLength(1), z.describe('JSON file of the policy')),
        accounts: z
          .array(z.string().check(z.minLength(1)))
          .check(
            z.minLength(1),
            z.describe('environments, `hub`, or account ids; every member account without it'),
          ),
      }),
    ]),
  ),
  [],
)

/** Schema of `organization`; `account` and `credentials` are those of the rest of the file. */
export const organizationSchema = <Account extends z.ZodMiniType, Credentials extends z.core.$ZodShape>(
  account: Account,
  credentials: Credentials,
) =>
  z.strictObject({
    id: z
      .optional(
        z
          .string()
          .check(
            z.regex(/^o-[a-z0-9]{10,32}$/, 'must be the id of an organization, o-a1b2c3d4e5 for example'),
          ),
      )
      .check(z.describe('id of the organization, the value of aws:PrincipalOrgID')),
    management: z
      .optional(z.strictObject({ account, ...credentials }))
      .check(z.describe('the management account, which the policies do not limit')),
    serviceControlPolicies: policies.check(z.describe('policies that limit what the accounts’ roles may do')),
    resourceControlPolicies: policies.check(
      z.describe('policies that limit what may be done with the accounts’ resources'),
    ),
  })

/** A control policy as the fleet file names it. */
export interface FleetControlPolicy {
  readonly kind: 'service control policy' | 'resource control policy'
  /** Path from the working folder. */
  readonly file: string
  /** Account ids; none for every member account. */
  readonly accounts: readonly string[]
  readonly location: SourceLocation
}

export interface FleetOrganization {
  readonly id?: string
  readonly management?: { readonly account: string; readonly profile?: string; readonly role?: string }
  readonly policies: readonly FleetControlPolicy[]
}

type PolicyFile = string | { file: string; accounts: readonly string[] }

interface OrganizationFile {
  readonly id?: string
  readonly management?: FleetOrganization['management']
  readonly serviceControlPolicies: readonly PolicyFile[]
  readonly resourceControlPolicies: readonly PolicyFile[]
}

/** Gives the organization with account ids for names. What is not there goes to `errors`. */
export function resolveOrganization(
  { id, management, serviceControlPolicies, resourceControlPolicies }: OrganizationFile,
  document: FleetDocument,
  accounts: ReadonlyMap<string, readonly string[]>,
  errors: FleetError[],
): FleetOrganization {
  const resolved = (kind: FleetControlPolicy['kind'], key: string, given: readonly PolicyFile[]) =>
    given.map((one, index): FleetControlPolicy => {
      const { file, accounts: named } = typeof one === 'string' ? { file: one, accounts: [] } : one
      const at = ['organization', key, index]
      const targets = named.flatMap((name, place) => {
        const found = /^\d{12}$/.test(name) ? [name] : accounts.get(name)
        if (!found) errors.push(noSuchAccount(name, accounts, document.locate([...at, 'accounts', place])))
        return found ?? name
      })
      return {
        kind,
        file: isAbsolute(file) ? file : join(dirname(document.file), file),
        accounts: targets,
        location: document.locate(at),
      }
    })
  return {
    ...(id && { id }),
    ...(management && { management }),
    policies: [
      ...resolved('service control policy', 'serviceControlPolicies', serviceControlPolicies),
      ...resolved('resource control policy', 'resourceControlPolicies', resourceControlPolicies),
    ],
  }
}

function noSuchAccount(
  name: string,
  accounts: ReadonlyMap<string, readonly string[]>,
  location: SourceLocation,
): FleetError {
  const names = [...accounts.keys()]
  const meant = nearest(name, names)
  return new FleetError(`there is no environment \`${name}\``, {
    location,
    fix: meant ? `write \`${meant}\`` : `use one of ${names.join(', ')}, or an account id`,
  })
}
