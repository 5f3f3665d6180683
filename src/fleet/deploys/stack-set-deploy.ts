/** A stack set as the fleet file describes it: template, name, parameters, and where its stacks stand. */
import * as z from 'zod/mini'
import { TARGET_UNIT } from '../../pipeline/index.ts'
import { permission } from '../build-schema.ts'
import { region } from '../region-schema.ts'
import { STAGE_NAMES, textWith, valueWith } from '../text.ts'
import type { StackDeploy } from './stack-deploy.ts'

const percentage = (least: number) => z.optional(z.int().check(z.gte(least), z.lte(100)))

export const stackSetSchema = z
  .strictObject({
    name: textWith(STAGE_NAMES).check(z.describe('name of the stack set → StackSetName')),
    template: textWith(STAGE_NAMES).check(z.describe('template file in the artifact → TemplatePath')),
    parameters: z
      ._default(z.record(z.string().check(z.regex(/^[A-Za-z0-9]{1,255}$/)), valueWith(STAGE_NAMES)), {})
      .check(z.describe('parameter values, without spaces, commas and quotes → Parameters')),
    regions: z
      .array(region)
      .check(z.minLength(1), z.describe('regions of the stacks, in this order → Regions')),
    accounts: z
      .optional(
        z
          .array(z.string().check(z.regex(/^\d{12}$/, 'an account id is twelve digits')))
          .check(z.minLength(1)),
      )
      .check(
        z.describe(
          'accounts of the fleet that have a stack, with roles that the fleet makes → DeploymentTargets, SELF_MANAGED',
        ),
      ),
    organizationalUnits: z
      .optional(
        z
          .array(
            z
              .string()
              .check(
                z.regex(TARGET_UNIT, 'must be the id of a unit or of the root: ou-ab12-cdefgh34, r-ab12'),
              ),
          )
          .check(z.minLength(1)),
      )
      .check(
        z.describe(
          'units whose accounts have a stack, with roles that StackSets makes; the stage’s account manages the organization or is a delegated administrator → DeploymentTargets, SERVICE_MANAGED',
        ),
      ),
    failureTolerance: percentage(0).check(
      z.describe('percent of the accounts of a region that may fail → FailureTolerancePercentage'),
    ),
    maxConcurrent: percentage(1).check(
      z.describe('percent of the accounts that are worked on at once → MaxConcurrentPercentage'),
    ),
    permissions: z
      .optional(z.array(permission).check(z.minLength(1)))
      .check(
        z.describe(
          'what the stacks may do in `accounts`; computed from the template without it → of the execution role',
        ),
      ),
    permissionsFrom: z
      .optional(textWith(STAGE_NAMES))
      .check(z.describe('file to compute the permissions from, where the build writes the template')),
  })
  .check(
    z.superRefine(({ accounts, organizationalUnits: units, permissions }, context) => {
      const tell = (message: string, key: string, fix: string) =>
        context.addIssue({ code: 'custom', message, path: [key], params: { fix } })
      if (accounts && units)
        tell(
          'a stack set goes to accounts or to organizational units, not to both',
          'accounts',
          'make two stack sets',
        )
      if (!accounts && !units)
        tell(
          'a stack set goes to accounts or to organizational units',
          'name',
          'add `accounts` or `organizationalUnits`',
        )
      if (units && permissions)
        tell('the roles in organizational units are StackSets’ own', 'permissions', 'take `permissions` out')
    }),
  )
export type StackSetDeploy = z.output<typeof stackSetSchema>

/** Gives the stacks of a stack set as one: what its template tells is the same in every place. */
export const stackOfSet = ({
  template,
  parameters,
  permissions,
  permissionsFrom,
}: StackSetDeploy): StackDeploy => ({
  template,
  parameters,
  replaceOnFailure: false,
  terminationProtection: false,
  ...(permissions && { permissions }),
  ...(permissionsFrom && { permissionsFrom }),
})
