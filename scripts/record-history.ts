import { writeFile } from 'node:fs/promises'
import { Client, Connection } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { loadClientConnectConfig } from '@temporalio/envconfig'

console.log(typeof historyToJSON, typeof writeFile, typeof Client, typeof Connection, typeof loadClientConnectConfig)
