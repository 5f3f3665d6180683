/** What is known about the permissions of resource types; a new service is a file beside this and a word in the list. */
import { api } from './api.ts'
import { applicationServices } from './application-services.ts'
import { containers } from './containers.ts'
import { data } from './data.ts'
import { databases } from './databases.ts'
import { edge } from './edge.ts'
import { iam } from './iam.ts'
import { lambda } from './lambda.ts'
import { logs } from './logs.ts'
import { messaging } from './messaging.ts'
import { network } from './network.ts'
import type { PermissionTable, ResourcePermissions } from './resource-permissions.ts'
import { s3 } from './s3.ts'

const tables: readonly PermissionTable[] = [
  api,
  applicationServices,
  containers,
  data,
  databases,
  edge,
  iam,
  lambda,
  logs,
  messaging,
  network,
  s3,
]

const byType = new Map(tables.flatMap((table) => Object.entries(table)))

/** Gives what CloudFormation needs for a resource type; undefined when that is not known. */
export const permissionsOf = (type: string): ResourcePermissions | undefined => byType.get(type)

/** Every type whose permissions are known. */
export const knownTypes = (): string[] => [...byType.keys()].sort()
