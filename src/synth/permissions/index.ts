/** What is known about the permissions of resource types; a new service is a file beside this and a word in the list. */
import { api } from './api.ts'
import { data } from './data.ts'
import { iam } from './iam.ts'
import { lambda } from './lambda.ts'
import { logs } from './logs.ts'
import { messaging } from './messaging.ts'
import type { PermissionTable, ResourcePermissions } from './resource-permissions.ts'
import { s3 } from './s3.ts'

const tables: readonly PermissionTable[] = [api, data, iam, lambda, logs, messaging, s3]

const byType = new Map(tables.flatMap((table) => Object.entries(table)))

/** Gives what CloudFormation needs for a resource type; undefined when that is not known. */
export const permissionsOf = (type: string): ResourcePermissions | undefined => byType.get(type)

/** Every type whose permissions are known. */
export const knownTypes = (): string[] => [...byType.keys()].sort()
