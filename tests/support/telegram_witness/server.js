// Starts telegram-test-api with its known defects worked around: dates in milliseconds, no secret token at the webhook, and a webhook
// that answers 4xx ends the process. Usage: node server.js <port> <secret>
'use strict';
const axios = require('axios');
const TelegramServer = require('telegram-test-api');

const [port, secret] = process.argv.slice(2);
axios.defaults.headers.common['X-Telegram-Bot-Api-Secret-Token'] = secret;
process.on('unhandledRejection', (error) => console.log(`webhook: ${error && error.message}`));

class Witness extends TelegramServer {
  addBotMessage(rawMessage, token) {
    const sent = super.addBotMessage(rawMessage, token);
    return { ...sent, date: Math.floor(sent.date / 1000) };
  }
}

const server = new Witness({ port: Number(port), host: '127.0.0.1' });
server.start().then(() => console.log('ready'));
