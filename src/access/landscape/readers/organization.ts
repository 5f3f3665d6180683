/** AWS::Organizations::Organization, OrganizationalUnit, Account and Policy. */
import { entryOf, plainText } from '../../../model/index.ts'
import { type ResourceReader, textOf, textsOf } from '../gathering.ts'
import type { ControlKind } from '../organization.ts'
import { membersOf } from '../reading/members.ts'

/** AWS: an organization is made in the account that manages it from then on. */
export const organization: ResourceReader = {
  type: 'AWS::Organizations::Organization',
  read: ({ scope, logicalId, origin }, { organization }) => {
    organization.id = scope.nameOf(logicalId)
    organization.management = origin.account
    organization.roots.add(scope.attributeOf(logicalId, 'RootId'))
  },
}

/** AWS: only the management account makes organizational units. */
export const organizationalUnit: ResourceReader = {
  type: 'AWS::Organizations::OrganizationalUnit',
  read: ({ scope, logicalId, origin, properties }, { organization }) => {
    organization.management ??= origin.account
    organization.units.set(scope.nameOf(logicalId), {
      name: textOf(properties.Name) ?? logicalId,
      parent: textOf(properties.ParentId),
    })
  },
}

/** AWS: only the management account makes accounts; one without ParentIds is put under the root. */
export const account: ResourceReader = {
  type: 'AWS::Organizations::Account',
  read: ({ scope, logicalId, origin, properties }, { organization }) => {
    organization.management ??= origin.account
    organization.accounts.set(scope.nameOf(logicalId), {
      name: textOf(properties.AccountName) ?? logicalId,
      parent: textsOf(properties.ParentIds)[0],
    })
  },
}

const KINDS: Readonly<Record<string, ControlKind>> = {
  SERVICE_CONTROL_POLICY: 'service control policy',
  RESOURCE_CONTROL_POLICY: 'resource control policy',
}

/** Policies of other types (tags, backups, …) have no say in what is allowed. */
export const controlPolicy: ResourceReader = {
  type: 'AWS::Organizations::Policy',
  read: ({ logicalId, within, properties, values, when }, { organization, standIns }) => {
    const kind = entryOf(KINDS, textOf(properties.Type) ?? '')
    if (!kind) return
    const targets = membersOf(values.TargetIds)
    organization.policies.push({
      kind,
      name: textOf(properties.Name) ?? logicalId,
      document: values.Content,
      targets: targets.map(({ value }) => plainText(standIns.plain(value))),
      when: [...(when ? [when] : []), ...targets.flatMap((one) => one.when)],
      origin: within('Content'),
    })
  },
}
