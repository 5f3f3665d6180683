/** A test of an application on devices, by AWS Device Farm. */
import { formatArn } from '../../model/index.ts'
import { inputNeeds } from '../compute-needs.ts'
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'

const TEST_TYPES = [
  'APPIUM_JAVA_JUNIT',
  'APPIUM_JAVA_TESTNG',
  'APPIUM_NODE',
  'APPIUM_RUBY',
  'APPIUM_PYTHON',
  'APPIUM_WEB_JAVA_JUNIT',
  'APPIUM_WEB_JAVA_TESTNG',
  'APPIUM_WEB_NODE',
  'APPIUM_WEB_RUBY',
  'APPIUM_WEB_PYTHON',
  'BUILTIN_FUZZ',
  'INSTRUMENTATION',
  'XCTEST',
  'XCTEST_UI',
]
const OPTIONS = [
  'TestSpec',
  'Test',
  'RadioBluetoothEnabled',
  'RecordAppPerformanceData',
  'RecordVideo',
  'RadioWifiEnabled',
  'RadioNfcEnabled',
  'RadioGpsEnabled',
  'FuzzEventCount',
  'FuzzEventThrottle',
  'FuzzRandomizerSeed',
  'CustomHostMachineArtifacts',
  'CustomDeviceArtifacts',
  'UnmeteredDevicesOnly',
  'JobTimeoutMinutes',
  'Latitude',
  'Longitude',
]

/** AWS: "AWS Device Farm test action reference"; resources after "Actions defined by AWS Device Farm". */
export const deviceFarm: ActionProvider = {
  type: awsAction('Test', 'DeviceFarm'),
  inputs: between(1, 1),
  outputs: between(0, 0),
  configuration: {
    AppType: { required: true, values: ['iOS', 'Android', 'Web'] },
    ProjectId: { required: true },
    App: { required: true },
    DevicePoolArn: { required: true },
    TestType: { required: true, values: TEST_TYPES },
    ...Object.fromEntries(OPTIONS.map((key) => [key, {}])),
  },
  variables: [],
  refusedLocally: true,
  needs: (around) => {
    const { role, account, region, value } = around
    const id = value('ProjectId')
    const because = `to run the tests of the project ${id}`
    const arn = (resource: string) => formatArn('devicefarm', region, account, resource)
    return [
      ...needAll(role, ['devicefarm:ListProjects'], '*', because),
      ...needAll(
        role,
        ['devicefarm:ListDevicePools', 'devicefarm:CreateUpload', 'devicefarm:ScheduleRun'],
        arn(`project:${id}`),
        because,
      ),
      ...needAll(role, ['devicefarm:GetUpload'], arn(`upload:${id}/*`), because),
      ...needAll(role, ['devicefarm:GetRun'], arn(`run:${id}/*`), because),
      ...inputNeeds(around),
    ]
  },
}
