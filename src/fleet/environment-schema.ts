/** Schema of an environment: which accounts it has, their regions, and what guards the stages into them. */
import * as z from 'zod/mini'
import { guardKeys } from './guards-schema.ts'
import { region } from './region-schema.ts'
import { textWith } from './text.ts'
import { valuesOf, valuesSchema } from './values.ts'

export const ACCOUNT_ID = /^\d{12}$/
export const account = z
  .string()
  .check(z.regex(ACCOUNT_ID, 'an account id is twelve digits'), z.describe('twelve digits'))

/** How to get credentials for one account. */
export const credentials = {
  profile: z
    .optional(z.string().check(z.minLength(1)))
    .check(z.describe('profile of the AWS configuration with its credentials')),
  role: z
    .optional(z.string().check(z.regex(/^arn:[^:]+:iam::\d{12}:role\/.+/, 'must be the ARN of a role')))
    .check(z.describe('role to assume from the credentials of the hub')),
}

/** The same for each account of an environment: `${account}` stands in it. */
const credentialsOfEach = {
  profile: z
    .optional(textWith(['account']))
    .check(z.describe('profile of the AWS configuration with its credentials; ${account} stands')),
  role: z
    .optional(
      textWith(['account']).check(
        z.regex(/^arn:[^:]+:iam::(\d{12}|\$\{account\}):role\/.+/, 'must be the ARN of a role'),
      ),
    )
    .check(z.describe('role to assume from the credentials of the hub; ${account} stands')),
}

const shared = {
  regions: z
    .union([
      z.array(region).check(z.minLength(1)),
      z
        .record(region, valuesSchema)
        .check(z.refine((regions) => Object.keys(regions).length > 0, 'must name a region')),
    ])
    .check(
      z.describe(
        'regions that are deployed to, or a map of each with values of its own → in the hub an artifact bucket and a key for each',
      ),
    ),
  ...credentialsOfEach,
  values: valuesOf('the environment'),
  ...guardKeys,
}

const accountName = z
  .string()
  .check(z.regex(/^[^\s\p{Cc}$][^\p{Cc}$]{0,49}$/u, 'must be 1 to 50 characters, without $'))

export const environmentSchema = z.union([
  z.strictObject({
    account: account.check(z.describe('the account → in it the roles of the pipelines')),
    ...shared,
  }),
  z.strictObject({
    accounts: z
      .union([
        z.array(account).check(z.minLength(1)),
        z
          .record(accountName, account)
          .check(z.refine((accounts) => Object.keys(accounts).length > 0, 'must name an account')),
      ])
      .check(
        z.describe(
          'several accounts, deployed to side by side: ids, or a map of names, for ${accountName}, to ids → in each the roles of the pipelines',
        ),
      ),
    ...shared,
  }),
  z.strictObject({
    organizationalUnit: z
      .string()
      .check(
        z.regex(
          /^(\/|(\/[^/]{1,128})+|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
          'must be a path, /workloads/prod for example, or the id of a unit',
        ),
        z.describe(
          'unit of AWS Organizations, its path or its id: every account in it and below it, as `crossdock sync` found them → in each the roles of the pipelines',
        ),
      ),
    except: z
      .optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)))
      .check(z.describe('ids or names of accounts that are left out')),
    accountTags: z
      .optional(
        z
          .record(z.string().check(z.minLength(1), z.maxLength(128)), z.string().check(z.maxLength(256)))
          .check(z.refine((tags) => Object.keys(tags).length > 0, 'must name a tag')),
      )
      .check(z.describe('only accounts that have these tags in Organizations')),
    ...shared,
  }),
])
export type EnvironmentFile = z.output<typeof environmentSchema>
