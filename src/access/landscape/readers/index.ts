/** Every resource type that the landscape is read from. */
import type { ResourceReader } from '../gathering.ts'
import { bucket, bucketPolicy } from './bucket.ts'
import { functionPermission } from './function-permission.ts'
import { managedPolicy, policy, rolePolicy } from './identity-policies.ts'
import { alias, key, replicaKey } from './key.ts'
import { account, controlPolicy, organization, organizationalUnit } from './organization.ts'
import { customActionType, pipeline } from './pipeline.ts'
import { logGroup, project } from './project.ts'
import { imageRepository, secretPolicy, topic, topicPolicy } from './resource-policies.ts'
import { role, user } from './role.ts'
import { codeRepository, connection, formerConnection, stateMachine, trail } from './sources.ts'
import {
  containerService,
  deploymentGroup,
  eventBusPolicy,
  lambdaFunction,
  notificationRule,
  rule,
  taskDefinition,
} from './workers.ts'

export const resourceReaders: readonly ResourceReader[] = [
  role,
  user,
  policy,
  rolePolicy,
  managedPolicy,
  bucket,
  bucketPolicy,
  key,
  replicaKey,
  alias,
  project,
  logGroup,
  pipeline,
  customActionType,
  topic,
  topicPolicy,
  imageRepository,
  secretPolicy,
  lambdaFunction,
  functionPermission,
  deploymentGroup,
  taskDefinition,
  containerService,
  rule,
  notificationRule,
  eventBusPolicy,
  trail,
  connection,
  formerConnection,
  codeRepository,
  stateMachine,
  organization,
  organizationalUnit,
  account,
  controlPolicy,
]

export const readersByType: ReadonlyMap<string, ResourceReader> = new Map(
  resourceReaders.map((reader) => [reader.type, reader]),
)
