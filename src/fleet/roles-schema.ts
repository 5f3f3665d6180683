/** Schema of roles of a pipeline that stand already: they are used and proven, and never changed. */
import * as z from 'zod/mini'
import { FleetError, type SourceLocation } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import { expandText, textWith } from './text.ts'

const ROLE = /^arn:[^:]+:iam::(\d{12}|\$\{account\}):role\/.+/
const inHub = z.string().check(z.regex(/^arn:[^:]+:iam::\d{12}:role\/.+/, 'must be the ARN of a role'))
const inAccounts = textWith(['account']).check(z.regex(ROLE, 'must be the ARN of a role'))

const HUB_ROLES = ['pipeline', 'build'] as const
const ACCOUNT_ROLES = ['deploy', 'cloudformation'] as const

export const rolesSchema = z
  .strictObject({
    pipeline: z.optional(inHub).check(z.describe('what the pipeline acts as in the hub')),
    build: z.optional(inHub).check(z.describe('what its builds act as')),
    deploy: z
      .optional(inAccounts)
      .check(z.describe('what the pipeline acts as in the accounts; ${account} stands')),
    cloudformation: z
      .optional(inAccounts)
      .check(z.describe('what CloudFormation acts as in the accounts; ${account} stands')),
  })
  .check(z.refine((roles) => Object.keys(roles).length > 0, 'must name a role'))

type RolesFile = z.output<typeof rolesSchema>

/** The roles, where they are named, with the place; texts may hold `${account}`. */
export type FleetRoles = Readonly<
  Partial<Record<keyof RolesFile, { readonly arn: string; readonly location: SourceLocation }>>
>

/** Where a pipeline acts as its roles. */
interface RolePlace {
  readonly environment: string
  readonly account: string
  readonly accountName: string
}

/** Gives the roles that a pipeline names. What cannot be used goes to `errors`. */
export function resolveRoles(
  file: RolesFile,
  path: DataPath,
  { hub, places }: { readonly hub: string; readonly places: readonly RolePlace[] },
  document: FleetDocument,
  errors: FleetError[],
): FleetRoles {
  const locate = (role: keyof RolesFile) => document.locate([...path, role])
  for (const role of HUB_ROLES) {
    const account = file[role]?.split(':')[4]
    if (account !== undefined && account !== hub)
      errors.push(
        new FleetError(`roles.${role} is of the account ${account}, and pipelines are in the hub ${hub}`, {
          location: locate(role),
          fix: `name a role of ${hub}`,
        }),
      )
  }
  for (const role of ACCOUNT_ROLES) {
    const text = file[role]
    const other =
      text &&
      places.find(
        ({ environment, account }) =>
          environment !== 'hub' && expandText(text, { account }).split(':')[4] !== account,
      )
    if (other)
      errors.push(
        new FleetError(
          `roles.${role} is of the account ${text.split(':')[4]}, and ${other.accountName} is ${other.account}`,
          {
            location: locate(role),
            fix: 'write ${account} in its place',
          },
        ),
      )
  }
  return Object.fromEntries(
    Object.entries(file).map(([role, arn]) => [role, { arn, location: locate(role as keyof RolesFile) }]),
  )
}
