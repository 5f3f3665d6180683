/** Organizational units: created, renamed, deleted, described, listed. */
import type { OrganizationalUnit } from '@aws-sdk/client-organizations'
import type { Organization } from '../../../kernel/organization.ts'
import { pathText } from '../engine/account-output.ts'
import { targetArn } from '../engine/arn.ts'
import { managementOperation } from '../engine/management-operation.ts'
import { page } from '../engine/page.ts'
import { refusal, violation } from '../engine/refusal.ts'
import { isParent, type Tree, unitId } from '../engine/tree.ts'
import { keyValue, onTarget, unitKind } from '../kinds.ts'
import type { UnitRecord } from '../state.ts'

/** AWS: five levels below the root, and two thousand units in all. */
const MAX_DEPTH = 5
const MAX_UNITS = 2_000

const unitOutput = (
  organization: Organization,
  tree: Tree,
  { id, name }: UnitRecord,
): OrganizationalUnit => ({
  Id: id,
  Arn: targetArn(organization, id),
  Name: name,
  Path: pathText(organization, tree, id),
})

/**
 * AWS: names are unique within their parent; each policy type that is enabled starts with the policy that allows
 * everything; tags take organizations:TagResource as well, on the unit whose id is not known yet.
 * Errors: ParentNotFoundException, DuplicateOrganizationalUnitException, ConstraintViolationException.
 */
const CreateOrganizationalUnit = managementOperation({
  name: 'CreateOrganizationalUnit',
  access: ({ ParentId, Tags }, ctx) => [
    onTarget(ctx, 'CreateOrganizationalUnit', ParentId),
    ...unitKind.onNewTags(ctx, unitId('xxxxxxxx'), Tags),
  ],
  run: ({ ParentId, Name, Tags }, { ctx, tree, organization }) => {
    if (!isParent(tree, ParentId)) throw refusal('noParent')
    const tags = unitKind.newTags(keyValue.read(Tags))
    if (tree.path(ParentId).length > MAX_DEPTH)
      throw violation(
        'OU_DEPTH_LIMIT_EXCEEDED',
        'You attempted to create an OU tree that is too many levels deep.',
      )
    const all = tree.units()
    if (all.length >= MAX_UNITS)
      throw violation(
        'OU_NUMBER_LIMIT_EXCEEDED',
        'You attempted to exceed the number of OUs that you can have in an organization.',
      )
    refuseSameName(all, ParentId, Name)
    const record = { id: unitId(ctx.cloud.ids.lower(8)), name: Name, parent: ParentId, attached: {}, tags }
    tree.save({ kind: 'unit', record })
    return { OrganizationalUnit: unitOutput(organization, tree, record) }
  },
})

function refuseSameName(all: readonly UnitRecord[], parent: string, name: string, except?: string): void {
  if (all.some((one) => one.parent === parent && one.name === name && one.id !== except))
    throw refusal('sameUnit')
}

/** Renames a unit. Errors: OrganizationalUnitNotFoundException, DuplicateOrganizationalUnitException. */
const UpdateOrganizationalUnit = managementOperation({
  name: 'UpdateOrganizationalUnit',
  access: ({ OrganizationalUnitId }, ctx) => [
    unitKind.on(ctx, 'UpdateOrganizationalUnit', OrganizationalUnitId),
  ],
  run: ({ OrganizationalUnitId, Name }, { ctx, tree, organization }) => {
    const unit = unitKind.find(ctx, OrganizationalUnitId)
    const record = { ...unit, name: Name ?? unit.name }
    refuseSameName(tree.units(), unit.parent, record.name, unit.id)
    tree.save({ kind: 'unit', record })
    return { OrganizationalUnit: unitOutput(organization, tree, record) }
  },
})

/** Errors: OrganizationalUnitNotFoundException, OrganizationalUnitNotEmptyException. */
const DeleteOrganizationalUnit = managementOperation({
  name: 'DeleteOrganizationalUnit',
  access: ({ OrganizationalUnitId }, ctx) => [
    unitKind.on(ctx, 'DeleteOrganizationalUnit', OrganizationalUnitId),
  ],
  run: ({ OrganizationalUnitId }, { ctx, tree }) => {
    const { id } = unitKind.find(ctx, OrganizationalUnitId)
    if ([...tree.units(), ...tree.accounts()].some((one) => one.parent === id)) throw refusal('unitNotEmpty')
    tree.deleteUnit(id)
    return {}
  },
})

/** Errors: OrganizationalUnitNotFoundException. */
const DescribeOrganizationalUnit = managementOperation({
  name: 'DescribeOrganizationalUnit',
  access: ({ OrganizationalUnitId }, ctx) => [
    unitKind.on(ctx, 'DescribeOrganizationalUnit', OrganizationalUnitId),
  ],
  run: ({ OrganizationalUnitId }, { ctx, tree, organization }) => ({
    OrganizationalUnit: unitOutput(organization, tree, unitKind.find(ctx, OrganizationalUnitId)),
  }),
})

/** Errors: ParentNotFoundException. */
const ListOrganizationalUnitsForParent = managementOperation({
  name: 'ListOrganizationalUnitsForParent',
  access: ({ ParentId }, ctx) => [onTarget(ctx, 'ListOrganizationalUnitsForParent', ParentId)],
  run: (input, { tree, organization }) => {
    if (!isParent(tree, input.ParentId)) throw refusal('noParent')
    const inside = tree.units().filter((one) => one.parent === input.ParentId)
    const { items, NextToken } = page(inside, input, input.ParentId)
    return { OrganizationalUnits: items.map((one) => unitOutput(organization, tree, one)), NextToken }
  },
})

export const unitOperations = [
  CreateOrganizationalUnit,
  UpdateOrganizationalUnit,
  DeleteOrganizationalUnit,
  DescribeOrganizationalUnit,
  ListOrganizationalUnitsForParent,
]
