/** What sources and other actions hang on: trails that record what is done, connections, repositories, state machines. */

import { type ResourceReader, textOf } from '../gathering.ts'
import type { KnownTrail } from '../landscape.ts'

export const trail: ResourceReader = {
  type: 'AWS::CloudTrail::Trail',
  read: ({ logicalId, origin, properties }, into) => {
    const { TrailName, IsLogging, IsMultiRegionTrail, IsOrganizationTrail } = properties
    const { EventSelectors: selectors, AdvancedEventSelectors: advancedSelectors } = properties
    const { account, region } = origin
    into.trails.push({
      account,
      region,
      origin,
      name: textOf(TrailName) ?? logicalId,
      isLogging: String(IsLogging) !== 'false',
      isMultiRegion: String(IsMultiRegionTrail) === 'true',
      isOfOrganization: String(IsOrganizationTrail) === 'true',
      ...(Array.isArray(selectors) && { selectors: selectors as KnownTrail['selectors'] }),
      ...(Array.isArray(advancedSelectors) && {
        advancedSelectors: advancedSelectors as KnownTrail['advancedSelectors'],
      }),
    })
  },
}

/** Of these no more is asked than whether a template makes them. */
const madeOf = (type: string): ResourceReader => ({
  type,
  read: ({ scope, logicalId }, into) => {
    into.made.add(scope.arnOf(logicalId))
  },
})

export const codeRepository = madeOf('AWS::CodeCommit::Repository')
export const stateMachine = madeOf('AWS::StepFunctions::StateMachine')

/** AWS: a connection that CloudFormation makes is PENDING; somebody has to confirm it in the console. */
const connectionOf = (type: string): ResourceReader => ({
  type,
  read: ({ scope, logicalId, origin }, into) => {
    into.connections.push({ arn: scope.text(scope.value({ Ref: logicalId })), status: 'PENDING', origin })
  },
})

export const connection = connectionOf('AWS::CodeConnections::Connection')
export const formerConnection = connectionOf('AWS::CodeStarConnections::Connection')
