// The yardstick of Socket.IO: node socketio.mjs <port> [<PostgreSQL connection string of Npgsql> <Redis host:port>]
import { createServer } from 'node:http';
import pg from 'pg';
import { createClient } from 'redis';
import { Server } from 'socket.io';

const [, , port, postgres, redis] = process.argv;
const everyone = 'everyone';

let pool = null;
let publisher = null;
if (postgres) {
  const settings = Object.fromEntries(postgres.split(';').map((pair) => pair.split('=')));
  pool = new pg.Pool({ host: settings.Host, port: Number(settings.Port), user: settings.Username, database: settings.Database, max: 20 });
  await pool.query('CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, payload text NOT NULL)');
  publisher = createClient({ url: `redis://${redis}` });
  await publisher.connect();
}

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });
io.on('connection', (socket) => {
  socket.on('register', (name, hears, done) => {
    socket.join(name);
    if (hears) socket.join(everyone);
    done(true);
  });
  socket.on('relay', (target, payload) => io.to(target).emit('push', payload));
  socket.on('keep', async (target, payload) => {
    await pool.query({ name: 'keep', text: 'INSERT INTO bare (payload) VALUES ($1)', values: [payload] });
    await publisher.publish('bare', payload);
    io.to(target).emit('push', payload);
  });
  socket.on('ring', (payload) => io.to(everyone).emit('push', payload));
});
http.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
