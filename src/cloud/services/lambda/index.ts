/**
 * Lambda: Node and Python functions run as processes of this machine, with the execution role's credentials.
 * It is no sandbox: a function can read and change whatever the user who runs the cloud can.
 */

import { service } from '../../service.ts'
import {
  GetFunctionCodeSigningConfig,
  GetFunctionRecursionConfig,
  GetRuntimeManagementConfig,
} from './absent-configurations.ts'
import { CreateAlias, DeleteAlias, GetAlias, ListAliases, UpdateAlias } from './alias.ts'
import { resumeEvents } from './async-invoke.ts'
import {
  DeleteFunctionConcurrency,
  GetAccountSettings,
  GetFunctionConcurrency,
  PutFunctionConcurrency,
} from './concurrency.ts'
import { CreateFunction } from './create-function.ts'
import { DeleteFunction } from './delete-function.ts'
import {
  DeleteFunctionEventInvokeConfig,
  GetFunctionEventInvokeConfig,
  PutFunctionEventInvokeConfig,
  UpdateFunctionEventInvokeConfig,
} from './event-invoke-config.ts'
import { downloadCode, GetFunction, GetFunctionConfiguration } from './get-function.ts'
import { Invoke } from './invoke.ts'
import { AddPermission, GetPolicy, RemovePermission } from './permission.ts'
import { ListFunctions, ListVersionsByFunction, PublishVersion } from './publish-version.ts'
import { alias } from './resources/alias.ts'
import { eventInvokeConfig } from './resources/event-invoke-config.ts'
import { lambdaFunction } from './resources/function.ts'
import { permission } from './resources/permission.ts'
import { url } from './resources/url.ts'
import { version } from './resources/version.ts'
import { resumeSettling } from './settle.ts'
import { ListTags, TagResource, UntagResource } from './tag.ts'
import { UpdateFunctionCode, UpdateFunctionConfiguration } from './update-function.ts'

export const lambda = service({
  id: 'lambda',
  operations: [
    CreateFunction,
    GetFunction,
    GetFunctionConfiguration,
    UpdateFunctionCode,
    UpdateFunctionConfiguration,
    DeleteFunction,
    ListFunctions,
    Invoke,
    PublishVersion,
    ListVersionsByFunction,
    CreateAlias,
    UpdateAlias,
    DeleteAlias,
    GetAlias,
    ListAliases,
    AddPermission,
    RemovePermission,
    GetPolicy,
    PutFunctionConcurrency,
    GetFunctionConcurrency,
    DeleteFunctionConcurrency,
    GetAccountSettings,
    GetFunctionCodeSigningConfig,
    GetFunctionRecursionConfig,
    GetRuntimeManagementConfig,
    PutFunctionEventInvokeConfig,
    UpdateFunctionEventInvokeConfig,
    GetFunctionEventInvokeConfig,
    DeleteFunctionEventInvokeConfig,
    TagResource,
    UntagResource,
    ListTags,
  ],
  resourceTypes: [lambdaFunction, version, alias, permission, eventInvokeConfig, url],
  start: (cloud, context) => {
    resumeSettling(cloud, context)
    resumeEvents(cloud, context)
  },
  http: downloadCode,
})
