-- A million sessions (:n of them) of one organisation with 200 proctors, over a year around 2026-11-21: run by psql -v n=1000000 between the
-- migrations 0002 and 0003, whose last statements put them into their lists.
INSERT INTO organisations (id, name, created_at) VALUES ('org1','Big',0) ON CONFLICT DO NOTHING;
INSERT INTO staff (id, organisation_id, email, email_key, name, role, security_stamp, disabled, created_at)
SELECT 'staff'||i,'org1','s'||i,'S'||i,'Staff '||i,'Proctor','x',false,0 FROM generate_series(0,199) i ON CONFLICT DO NOTHING;
ALTER TABLE sessions DISABLE TRIGGER USER;
INSERT INTO sessions (id, organisation_id, name, name_key, mode, phase, opens_at, closes_at, code_key, join_id, version, simulated, deleted, document)
SELECT id,'org1',name,upper(name),mode,phase,o,o+7200000,upper(coalesce(code,'')),jid,1,false,false,
 json_build_object('id',id,'name',name,'mode',lower(left(mode,1))||substr(mode,2),'timeZone','Europe/Paris','opensAt',to_char(to_timestamp(o/1000) at time zone 'UTC','YYYY-MM-DD"T"HH24:MI:SS.000"Z"'),'closesAt',to_char(to_timestamp(o/1000+7200) at time zone 'UTC','YYYY-MM-DD"T"HH24:MI:SS.000"Z"'),'phase',lower(left(phase,1))||substr(phase,2),'code',code,'startMode','automatic','proctors',json_build_array(json_build_object('id','staff'||(i%200))),'pad',repeat(md5(i::text),30))::text
FROM (
SELECT i, lpad(to_hex(i),12,'0')||substr(md5(i::text),1,20) AS id,
 (ARRAY['Mathematics','Biology','Chemistry','History','English','French','Physics','Geography'])[1+(abs(hashint4(i)) % 8)]||' grade '||(abs(hashint4(i+7))%12+1)||', room '||(abs(hashint4(i+99))%900+100)||' '||(ARRAY['north','south','east','west'])[1+abs(hashint4(i+3))%4]||' '||substr(md5('n'||i),1,5) AS name,
 (ARRAY['InPerson','Remote','Hybrid'])[1+i%3] AS mode,
 CASE WHEN o < now_ms-7200000 THEN (CASE WHEN i%20=0 THEN 'Cancelled' ELSE 'Closed' END) WHEN o < now_ms THEN (CASE WHEN i%7=0 THEN 'Held' ELSE 'Open' END) WHEN o < now_ms+1800000 THEN 'LobbyOpen' ELSE 'Scheduled' END AS phase,
 o, CASE WHEN i%3=0 THEN NULL ELSE (ARRAY['maple','river','tiger','lemon'])[1+abs(hashint4(i+5))%4]||' '||(i%90+10) END AS code,
 translate(upper(substr(md5('j'||i),1,8)),'01','XY') AS jid
 FROM (SELECT i, now_ms, now_ms + (((abs(hashint8(i::bigint*31+11)::bigint)*15) % 31536000000) - 23652000000) AS o FROM generate_series(1,:n) i, (SELECT (extract(epoch from timestamptz '2026-11-21 12:00Z')*1000)::bigint AS now_ms) x) y
) z ON CONFLICT DO NOTHING;
ALTER TABLE sessions ENABLE TRIGGER USER;
INSERT INTO session_proctors SELECT id,'staff'||(('x'||substr(id,5,8))::bit(32)::int%200),true FROM sessions;
