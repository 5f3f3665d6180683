/** AWS::IAM::RolePolicy, UserPolicy and GroupPolicy: one inline policy on one principal. */
import { type ResourceContext, type ResourceType, resourceType } from '../../../kernel/resource-type.ts'
import { groupCalls, type PrincipalCalls, roleCalls, userCalls } from './principal-calls.ts'
import { documentText, unlessGone } from './property.ts'

function principalPolicy(
  type: string,
  nameProperty: string,
  callsFor: (rc: ResourceContext, name: string) => PrincipalCalls,
): ResourceType {
  return resourceType({
    type,
    create: async (properties, rc) => {
      const name: string = properties[nameProperty]
      await callsFor(rc, name).put(properties.PolicyName, documentText(properties.PolicyDocument))
      return { physicalId: `${properties.PolicyName}|${name}` }
    },
    update: async (physicalId, properties, _previous, rc) => {
      const calls = callsFor(rc, properties[nameProperty])
      await calls.put(properties.PolicyName, documentText(properties.PolicyDocument))
      return { physicalId }
    },
    delete: (_physicalId, properties, rc) =>
      unlessGone(callsFor(rc, properties[nameProperty]).remove(properties.PolicyName)),
  })
}

export const principalPolicies = [
  principalPolicy('AWS::IAM::RolePolicy', 'RoleName', roleCalls),
  principalPolicy('AWS::IAM::UserPolicy', 'UserName', userCalls),
  principalPolicy('AWS::IAM::GroupPolicy', 'GroupName', groupCalls),
]
